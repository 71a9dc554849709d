package dev.tenon.runtime.layer;

import dev.tenon.runtime.internal.layout.Shapes;
import dev.tenon.runtime.state.Parameter;
import java.util.NoSuchElementException;
import java.util.Objects;

/** A layer with a weight and, unless declared without, a bias: linear layers and convolutions. */
public final class Weighted extends Layer {
  private final Parameter weight;
  private final Parameter bias;

  /**
   * Called by generated models.
   *
   * @param name path of the layer
   * @param type name of its annotation
   * @param weight its weight
   * @param bias its bias, or null when declared with {@code bias = false}
   */
  public Weighted(String name, String type, Parameter weight, Parameter bias) {
    super(name, type);
    this.weight = Objects.requireNonNull(weight, "weight");
    this.bias = bias;
  }

  /**
   * The weight.
   *
   * @return {@code [out, in]} for a linear layer, {@code [out, in / groups, kernel height, kernel
   *     width]} for a 2-d convolution
   */
  public Parameter weight() {
    return weight;
  }

  /**
   * The bias.
   *
   * @return {@code [out]}
   * @throws NoSuchElementException if the layer is declared with {@code bias = false}
   */
  public Parameter bias() {
    if (bias == null) {
      throw new NoSuchElementException(name() + " has no bias: it is declared with bias = false");
    }
    return bias;
  }

  /**
   * Whether there is a bias.
   *
   * @return false when declared with {@code bias = false}
   */
  public boolean hasBias() {
    return bias != null;
  }

  @Override
  String details() {
    String text = "weight " + Shapes.text(weight.shape());
    return hasBias() ? text + ", bias " + Shapes.text(bias.shape()) : text;
  }
}
