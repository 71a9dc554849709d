package dev.tenon.runtime.layer;

import dev.tenon.runtime.internal.layout.Shapes;
import dev.tenon.runtime.state.Parameter;
import java.util.NoSuchElementException;

/**
 * The state of a normalisation: a learnt scale and shift, unless declared without. Layer and group
 * normalisations have no other state; what keeps running statistics besides is a {@link
 * TrackedNorm}.
 */
public sealed class Norm extends Layer permits TrackedNorm {
  private final Parameter weight;
  private final Parameter bias;

  /**
   * Called by generated models.
   *
   * @param name path of the layer
   * @param type name of its annotation
   * @param weight the scale, or null when declared with {@code affine = false}
   * @param bias the shift, or null when declared with {@code affine = false} or {@code bias =
   *     false}
   * @throws IllegalArgumentException for a bias without a weight
   */
  public Norm(String name, String type, Parameter weight, Parameter bias) {
    super(name, type);
    if (weight == null && bias != null) {
      throw new IllegalArgumentException(
          name + ": a normalisation with a bias must have a weight.");
    }
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * The learnable scale (gamma).
   *
   * @return {@code [channels]}; for a layer normalisation the axes that it normalises over
   * @throws NoSuchElementException if declared with {@code affine = false}
   */
  public final Parameter weight() {
    return require(weight, "weight", "affine = false");
  }

  /**
   * The learnable shift (beta).
   *
   * @return of the shape of the weight
   * @throws NoSuchElementException if declared with {@code affine = false} or {@code bias = false}
   */
  public final Parameter bias() {
    return require(bias, "bias", weight == null ? "affine = false" : "bias = false");
  }

  /**
   * Whether the layer learns a scale.
   *
   * @return false when declared with {@code affine = false}
   */
  public final boolean isAffine() {
    return weight != null;
  }

  /**
   * Whether the layer learns a shift.
   *
   * @return false when declared with {@code affine = false} or {@code bias = false}
   */
  public final boolean hasBias() {
    return bias != null;
  }

  @Override
  String details() {
    String text = isAffine() ? "weight " + Shapes.text(weight.shape()) : "";
    return hasBias() ? text + ", bias " + Shapes.text(bias.shape()) : text;
  }

  /**
   * Freezes the layer's parameters: optimisers leave them as they are until {@link #unfreeze}. A
   * {@link TrackedNorm} freezes its statistics as well.
   */
  public void freeze() {
    if (weight != null) {
      weight.freeze();
    }
    if (bias != null) {
      bias.freeze();
    }
  }

  /** Undoes {@link #freeze}. */
  public void unfreeze() {
    if (weight != null) {
      weight.unfreeze();
    }
    if (bias != null) {
      bias.unfreeze();
    }
  }

  /** The entry, or an exception that says how the layer is declared without it. */
  final <E> E require(E entry, String what, String declared) {
    if (entry == null) {
      throw new NoSuchElementException(
          name() + " has no " + what + ": it is declared with " + declared);
    }
    return entry;
  }
}
