package dev.tenon.runtime;

/**
 * A statistic that the training forward updates and evaluation uses, such as the running mean of a
 * batch norm. It has no gradient, and no optimiser sees it.
 */
public final class RunningStat implements StateEntry {
  private final String name;
  private final Tensor value;

  RunningStat(String name, Tensor value) {
    this.name = name;
    this.value = value;
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
