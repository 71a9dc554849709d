package dev.tenon.runtime;

/**
 * What training adjusts: a named slice of the model's parameters with a gradient of the same shape.
 * What only follows the data is a {@link RunningStat}.
 */
public final class Parameter implements StateEntry {
  private final String name;
  private final Tensor value;
  private final Tensor gradient;
  private boolean frozen;

  Parameter(String name, Tensor value, Tensor gradient) {
    this.name = name;
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

  /**
   * The values.
   *
   * @return a view: writing to it changes the model
   */
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

  /** Returns name, type, shape and, when there are few, the values. */
  @Override
  public String toString() {
    return name + " " + value;
  }
}
