package dev.tenon.runtime;

/** Element type of a tensor and of a model's whole state. */
public enum DType {
  /** IEEE 754 single precision, stored in {@code float[]}. */
  FLOAT32("float32"),
  /** IEEE 754 double precision, stored in {@code double[]}. */
  FLOAT64("float64");

  private final String text;

  DType(String text) {
    this.text = text;
  }

  /** Returns PyTorch's name of the type: {@code float32} or {@code float64}. */
  @Override
  public String toString() {
    return text;
  }
}
