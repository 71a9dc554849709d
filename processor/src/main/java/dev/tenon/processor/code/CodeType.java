package dev.tenon.processor.code;

import dev.tenon.processor.ir.ElementType;

/**
 * A Java type of the generated kernels: a primitive, an array of one, or a vector of floats.
 *
 * @param keyword {@code int}, {@code long}, {@code float}, {@code double}, or {@code FloatVector}
 * @param dimensions number of array dimensions
 */
public record CodeType(String keyword, int dimensions) {
  public static final CodeType INT = new CodeType("int", 0);
  public static final CodeType LONG = new CodeType("long", 0);
  public static final CodeType DOUBLE = new CodeType("double", 0);

  /** As many floats as the machine works on at once. */
  public static final CodeType VECTOR = new CodeType("FloatVector", 0);

  public static CodeType of(ElementType type) {
    return new CodeType(type.keyword(), 0);
  }

  public CodeType array(int moreDimensions) {
    return new CodeType(keyword, dimensions + moreDimensions);
  }

  public CodeType element() {
    return new CodeType(keyword, dimensions - 1);
  }

  public boolean isVector() {
    return equals(VECTOR);
  }

  /** Whether it is a floating-point number. */
  public boolean isReal() {
    return equals(DOUBLE) || equals(of(ElementType.FLOAT));
  }

  public boolean isArray() {
    return dimensions > 0;
  }

  @Override
  public String toString() {
    return keyword + "[]".repeat(dimensions);
  }
}
