package dev.tenon.runtime;

/** Element type of a tensor; a model's state is of one of the two real types. */
public enum DType {
  /** IEEE 754 single precision, stored in {@code float[]}. */
  FLOAT32("float32"),
  /** IEEE 754 double precision, stored in {@code double[]}. */
  FLOAT64("float64"),
  /** Whole numbers, stored in {@code int[]}: indices into the rows of an embedding. */
  INT32("int32"),
  /** Whole numbers, stored in {@code long[]}: the counters of a state. */
  INT64("int64");

  private final String text;

  DType(String text) {
    this.text = text;
  }

  /**
   * Returns PyTorch's name of the type: {@code float32}, {@code float64}, {@code int32} or {@code
   * int64}.
   */
  @Override
  public String toString() {
    return text;
  }
}
