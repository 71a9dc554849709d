package dev.tenon.processor.render.plain;

import com.palantir.javapoet.CodeBlock;
import dev.tenon.processor.code.CodeType;

/** Numbers as Java writes them, whatever the locale. */
final class Literals {
  private Literals() {}

  /** A literal of the type, such as {@code 0.5f}, {@code Double.NaN}, {@code 7L}. */
  static CodeBlock of(CodeType type, double value) {
    return switch (type.keyword()) {
      case "float" -> ofFloat((float) value);
      case "double" -> ofDouble(value);
      case "long" -> CodeBlock.of("$L", (long) value + "L");
      default -> CodeBlock.of("$L", (int) value);
    };
  }

  private static CodeBlock ofFloat(float value) {
    if (Float.isNaN(value)) {
      return CodeBlock.of("$T.NaN", Float.class);
    }
    if (Float.isInfinite(value)) {
      return CodeBlock.of(value > 0 ? "$T.POSITIVE_INFINITY" : "$T.NEGATIVE_INFINITY", Float.class);
    }
    // A float with an integral value reads best without a point: 0f, 16f.
    return CodeBlock.of(
        "$L", value == (int) value && !isNegativeZero(value) ? (int) value + "f" : value + "f");
  }

  private static CodeBlock ofDouble(double value) {
    if (Double.isNaN(value)) {
      return CodeBlock.of("$T.NaN", Double.class);
    }
    if (Double.isInfinite(value)) {
      return CodeBlock.of(
          value > 0 ? "$T.POSITIVE_INFINITY" : "$T.NEGATIVE_INFINITY", Double.class);
    }
    return CodeBlock.of("$L", value);
  }

  private static boolean isNegativeZero(double value) {
    return value == 0 && 1 / value < 0;
  }
}
