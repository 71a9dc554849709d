package dev.tenon.runtime.state;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.internal.layout.Shapes;
import java.util.Objects;

/**
 * What training adjusts: a named slice of the model's parameters with a gradient of the same shape.
 * What only follows the data is a {@link RunningStat}.
 */
public final class Parameter implements StateEntry {
  private final String name;
  private final int number;
  private final Tensor value;
  private final Tensor gradient;
  private boolean frozen;

  Parameter(String name, int number, Tensor value, Tensor gradient) {
    this.name = name;
    this.number = number;
    this.value = value;
    this.gradient = gradient;
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * The extents.
   *
   * @return a copy
   */
  public int[] shape() {
    return value.shape();
  }

  @Override
  public Tensor value() {
    return value;
  }

  /**
   * The gradient that the last backward wrote; zeros before the first.
   *
   * @return a view of the same shape as {@link #value}
   */
  public Tensor gradient() {
    return gradient;
  }

  /**
   * Gives all values anew, as the layer's own rule does when the model is created.
   *
   * <pre>{@code
   * Parameter weight = model.conv1().weight();
   * weight.initialize(Initializer.kaimingNormal(Gain.RELU, weight.fanOut()), 1);
   * }</pre>
   *
   * @param rule how
   * @param seed the same seed gives the same values; parameters of one model differ
   */
  public void initialize(Initializer rule, long seed) {
    Objects.requireNonNull(rule, "rule");
    long key = Initializer.key(seed, number);
    // Packed or not, an element has the value of its row-major index.
    Tensor rowMajor = value.isPacked() ? Tensor.zeros(value.dtype(), value.shape()) : value;
    if (value.dtype() == DType.FLOAT32) {
      rule.fill(rowMajor.floatArray(), rowMajor.offset(), rowMajor.size(), key);
    } else {
      rule.fill(rowMajor.doubleArray(), rowMajor.offset(), rowMajor.size(), key);
    }
    if (value.isPacked()) {
      value.copyFrom(rowMajor);
    }
  }

  /**
   * The inputs that one output reads, for initialisers: as {@code torch.nn.init} counts, the second
   * extent times those after it. For a transposed convolution that is what its outputs make.
   *
   * @return at least 1
   * @throws IllegalStateException for fewer than two axes: a bias has no fan
   */
  public long fanIn() {
    return fan(1);
  }

  /**
   * The outputs that one input reaches, for initialisers: as {@code torch.nn.init} counts, the
   * first extent times those after the second.
   *
   * @return at least 1
   * @throws IllegalStateException for fewer than two axes: a bias has no fan
   */
  public long fanOut() {
    return fan(0);
  }

  private long fan(int axis) {
    int[] shape = value.shape();
    if (shape.length < 2) {
      throw new IllegalStateException(
          name
              + ": a fan needs at least two axes, and the shape is "
              + Shapes.text(shape)
              + ". Take that of the layer's weight.");
    }
    long fan = shape[axis];
    for (int d = 2; d < shape.length; d++) {
      fan *= shape[d];
    }
    return fan;
  }

  /**
   * Takes the parameter out of training: optimisers leave it, and what they remember of it, as it
   * is, weight decay included. Its gradient is still computed. Holds until {@link #unfreeze}.
   */
  public void freeze() {
    frozen = true;
  }

  /** Hands the parameter back to the optimiser. */
  public void unfreeze() {
    frozen = false;
  }

  /**
   * Whether optimisers leave the parameter as it is.
   *
   * @return false unless {@link #freeze} was called or the layer is declared frozen
   */
  public boolean isFrozen() {
    return frozen;
  }

  /**
   * One value; short for {@code value().get(index)}.
   *
   * @param index one index for every axis
   * @return the value
   * @throws IndexOutOfBoundsException if the index does not fit the shape
   */
  public double get(int... index) {
    return value.get(index);
  }

  /**
   * Writes one value; short for {@code value().set(newValue, index)}.
   *
   * @param newValue rounded to the nearest float in a float32 model
   * @param index one index for every axis
   * @throws IndexOutOfBoundsException if the index does not fit the shape
   */
  public void set(double newValue, int... index) {
    value.set(newValue, index);
  }

  /** Returns name, type, shape and values; of more than 64, those at the ends of each axis. */
  @Override
  public String toString() {
    return name + " " + value;
  }
}
