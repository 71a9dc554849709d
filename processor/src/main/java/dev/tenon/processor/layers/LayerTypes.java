package dev.tenon.processor.layers;

import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layers.avgpool2d.AvgPool2dType;
import dev.tenon.processor.layers.batchnorm.BatchNormKind;
import dev.tenon.processor.layers.batchnorm.BatchNormType;
import dev.tenon.processor.layers.conv2d.Conv2dType;
import dev.tenon.processor.layers.dropout.DropoutType;
import dev.tenon.processor.layers.flatten.FlattenType;
import dev.tenon.processor.layers.globalavgpool.GlobalAvgPoolType;
import dev.tenon.processor.layers.linear.LinearType;
import dev.tenon.processor.layers.maxpool2d.MaxPool2dType;
import dev.tenon.processor.layers.relu.ReLUType;
import java.util.List;
import java.util.Optional;

/** All kinds of layers, alphabetical by annotation. A new layer is one folder and one line here. */
public final class LayerTypes {
  private static final List<LayerType> ALL =
      List.of(
          new AvgPool2dType(),
          new BatchNormType(BatchNormKind.ONE),
          new BatchNormType(BatchNormKind.TWO),
          new Conv2dType(),
          new DropoutType(),
          new FlattenType(),
          new GlobalAvgPoolType(),
          new LinearType(),
          new MaxPool2dType(),
          new ReLUType());

  private LayerTypes() {}

  public static List<LayerType> all() {
    return ALL;
  }

  /** The layer with this annotation (simple name), if it is a layer's. */
  public static Optional<LayerType> of(String annotation) {
    return ALL.stream().filter(type -> type.annotation().equals(annotation)).findFirst();
  }
}
