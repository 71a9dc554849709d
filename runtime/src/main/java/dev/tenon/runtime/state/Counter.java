package dev.tenon.runtime.state;

import dev.tenon.runtime.Tensor;

/** An int64 scalar of the state that counts events, such as {@code bn1.num_batches_tracked}. */
public final class Counter implements StateEntry {
  private final String name;
  private final long[] counters;
  private final int index;
  private final Tensor value;

  Counter(String name, long[] counters, int index) {
    this.name = name;
    this.counters = counters;
    this.index = index;
    value = Tensor.view(counters, index);
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * The count as an int64 scalar.
   *
   * @return a view: writing to it changes the model
   */
  @Override
  public Tensor value() {
    return value;
  }

  /**
   * The count.
   *
   * @return at least 0
   */
  public long get() {
    return counters[index];
  }

  /**
   * Sets the count.
   *
   * @param count at least 0
   * @throws IllegalArgumentException if the count is negative; the counter keeps its value then
   */
  public void set(long count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          name + ": a counter must be at least 0, but " + count + " was given.");
    }
    counters[index] = count;
  }

  /** Returns name and count. */
  @Override
  public String toString() {
    return name + " " + get();
  }
}
