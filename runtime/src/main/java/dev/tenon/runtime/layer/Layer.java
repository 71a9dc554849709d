package dev.tenon.runtime.layer;

import java.util.Objects;

/**
 * What a network's layer method returns: a view of one layer. Layers without state, such as ReLU,
 * have only a name and a type; {@link Weighted} and {@link Norm} add theirs.
 */
public class Layer {
  private final String name;
  private final String type;

  /**
   * Called by generated models.
   *
   * @param name path of the layer, such as {@code stage1.0.bn1}
   * @param type name of its annotation, such as {@code BatchNorm2d}
   */
  public Layer(String name, String type) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    this.name = name;
    this.type = type;
  }

  /**
   * The layer's path, the prefix of its names in the state dictionary.
   *
   * @return a path such as {@code stage1.0.bn1}
   */
  public final String name() {
    return name;
  }

  /**
   * The name of the layer's annotation.
   *
   * @return a name such as {@code BatchNorm2d}
   */
  public final String type() {
    return type;
  }

  /**
   * Returns path, type and the shapes of the parameters: {@code head: Linear(weight [10, 32], bias
   * [10])}.
   */
  @Override
  public final String toString() {
    String details = details();
    return name + ": " + type + (details.isEmpty() ? "" : "(" + details + ")");
  }

  /** What stands in brackets after the type; nothing for a layer without state. */
  String details() {
    return "";
  }
}
