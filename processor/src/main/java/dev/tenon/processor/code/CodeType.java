package dev.tenon.processor.code;

import dev.tenon.processor.ir.ElementType;

/**
 * A Java type of the generated kernels: a primitive or an array of one.
 *
 * @param keyword {@code int}, {@code long}, {@code float}, {@code double}
 * @param dimensions number of array dimensions
 */
public record CodeType(String keyword, int dimensions) {
  public static final CodeType INT = new CodeType("int", 0);
  public static final CodeType LONG = new CodeType("long", 0);
  public static final CodeType DOUBLE = new CodeType("double", 0);

  public static CodeType of(ElementType type) {
    return new CodeType(type.keyword(), 0);
  }

  public CodeType array(int moreDimensions) {
    return new CodeType(keyword, dimensions + moreDimensions);
  }

  public CodeType element() {
    return new CodeType(keyword, dimensions - 1);
  }

  public boolean isArray() {
    return dimensions > 0;
  }

  @Override
  public String toString() {
    return keyword + "[]".repeat(dimensions);
  }
}
