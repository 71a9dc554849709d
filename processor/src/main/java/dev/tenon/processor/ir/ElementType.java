package dev.tenon.processor.ir;

/** The type of one value in the IR. */
public enum ElementType {
  FLOAT,
  DOUBLE,
  INT;

  /** The Java keyword. */
  public String keyword() {
    return switch (this) {
      case FLOAT -> "float";
      case DOUBLE -> "double";
      case INT -> "int";
    };
  }

  public boolean isReal() {
    return this != INT;
  }
}
