package dev.tenon.processor.layers;

import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layers.flatten.FlattenType;
import dev.tenon.processor.layers.linear.LinearType;
import dev.tenon.processor.layers.relu.ReLUType;
import java.util.List;
import java.util.Optional;

/** All kinds of layers, alphabetical by annotation. A new layer is one folder and one line here. */
public final class LayerTypes {
  private static final List<LayerType> ALL =
      List.of(
          new FlattenType(), //
          new LinearType(),
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
