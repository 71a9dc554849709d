package dev.tenon.runtime.state;

import dev.tenon.runtime.Tensor;

/**
 * A statistic that evaluation uses and no optimiser sees: of a layer, whose training forward
 * updates it, such as the running mean of a batch norm; or of data, such as the mean that records
 * are normalised by, which is float64 in every model. It has no gradient.
 */
public final class RunningStat implements StateEntry {
  private final String name;
  private final Tensor value;
  private final boolean ofLayer;

  RunningStat(String name, Tensor value, boolean ofLayer) {
    this.name = name;
    this.value = value;
    this.ofLayer = ofLayer;
  }

  /** Whether the training forward updates it; what is of data has the type float64 instead. */
  boolean isOfLayer() {
    return ofLayer;
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
