package dev.tenon.processor.layers;

import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layers.activation.ActivationType;
import dev.tenon.processor.layers.adaptiveavgpool.AdaptiveAvgPoolType;
import dev.tenon.processor.layers.add.AddType;
import dev.tenon.processor.layers.avgpool.AvgPoolType;
import dev.tenon.processor.layers.batchnorm.BatchNormKind;
import dev.tenon.processor.layers.batchnorm.BatchNormType;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.layers.concat.ConcatType;
import dev.tenon.processor.layers.conv.ConvTransposeType;
import dev.tenon.processor.layers.conv.ConvType;
import dev.tenon.processor.layers.dropout.DropoutType;
import dev.tenon.processor.layers.elementwise.ElementwiseType;
import dev.tenon.processor.layers.embedding.EmbeddingType;
import dev.tenon.processor.layers.flatten.FlattenType;
import dev.tenon.processor.layers.globalavgpool.GlobalAvgPoolType;
import dev.tenon.processor.layers.groupnorm.GroupNormType;
import dev.tenon.processor.layers.instancenorm.InstanceNormType;
import dev.tenon.processor.layers.layernorm.LayerNormType;
import dev.tenon.processor.layers.linear.LinearType;
import dev.tenon.processor.layers.maxpool.MaxPoolType;
import dev.tenon.processor.layers.multiply.MultiplyType;
import dev.tenon.processor.layers.reshape.ReshapeType;
import dev.tenon.processor.layers.scale.ScaleType;
import dev.tenon.processor.layers.softmax.SoftmaxType;
import dev.tenon.processor.layers.upsample.UpsampleType;
import java.util.List;
import java.util.Optional;

/** All kinds of layers, alphabetical by annotation. A new layer is one folder and one line here. */
public final class LayerTypes {
  private static final List<LayerType> ALL =
      List.of(
          new AdaptiveAvgPoolType(Spatial.ONE),
          new AdaptiveAvgPoolType(Spatial.TWO),
          new AdaptiveAvgPoolType(Spatial.THREE),
          new AddType(),
          new AvgPoolType(Spatial.ONE),
          new AvgPoolType(Spatial.TWO),
          new AvgPoolType(Spatial.THREE),
          new BatchNormType(BatchNormKind.ONE),
          new BatchNormType(BatchNormKind.TWO),
          new BatchNormType(BatchNormKind.THREE),
          new ConcatType(),
          new ConvType(Spatial.ONE),
          new ConvType(Spatial.TWO),
          new ConvType(Spatial.THREE),
          new ConvTransposeType(),
          DropoutType.ELEMENTS,
          DropoutType.CHANNELS,
          new ElementwiseType(),
          new EmbeddingType(),
          new FlattenType(),
          ActivationType.GELU,
          new GlobalAvgPoolType(),
          new GroupNormType(),
          ActivationType.HARDSIGMOID,
          ActivationType.HARDSWISH,
          ActivationType.HARDTANH,
          new InstanceNormType(Spatial.ONE),
          new InstanceNormType(Spatial.TWO),
          new InstanceNormType(Spatial.THREE),
          new LayerNormType(),
          ActivationType.LEAKY_RELU,
          new LinearType(),
          SoftmaxType.LOG_SOFTMAX,
          new MaxPoolType(Spatial.ONE),
          new MaxPoolType(Spatial.TWO),
          new MaxPoolType(Spatial.THREE),
          new MultiplyType(),
          ActivationType.RELU,
          ActivationType.RELU6,
          new ReshapeType(),
          new ScaleType(),
          ActivationType.SILU,
          ActivationType.SIGMOID,
          SoftmaxType.SOFTMAX,
          ActivationType.TANH,
          new UpsampleType());

  private LayerTypes() {}

  public static List<LayerType> all() {
    return ALL;
  }

  /** The layer with this annotation (simple name), if it is a layer's. */
  public static Optional<LayerType> of(String annotation) {
    return ALL.stream().filter(type -> type.annotation().equals(annotation)).findFirst();
  }
}
