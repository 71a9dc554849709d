package dev.tenon.processor.render;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.plan.Plan.Buffer;

/** How an array of the working memory is made, in a method with the parameter {@code samples}. */
final class Allocation {
  private static final String SAMPLES = "samples";

  private Allocation() {}

  static CodeBlock of(Buffer buffer) {
    String element = buffer.type().keyword();
    if (buffer.per().isPresent()) {
      return CodeBlock.of(
          "new $L[$T.multiplyExact($L, $L)]",
          element,
          Math.class,
          mostBlocks(buffer.per().get()),
          buffer.length());
    }
    if (buffer.isFlat()) {
      return CodeBlock.of("new $L[$L]", element, buffer.length());
    }
    CodeBlock count =
        buffer.rowsPerSample() == 0 ? CodeBlock.of("$L", buffer.rows()) : rows(buffer, SAMPLES);
    return CodeBlock.of("new $L[$L][$L]", element, count, buffer.length());
  }

  /** The rows of so many samples. */
  static CodeBlock rows(Buffer buffer, String samples) {
    return buffer.rowsPerSample() == 1
        ? CodeBlock.of("$N", samples)
        : CodeBlock.of("$N * $L", samples, buffer.rowsPerSample());
  }

  /** How many points of an axis over the batch there are for so many samples, at most. */
  private static CodeBlock mostBlocks(Axis axis) {
    if (!axis.isBlocks()) {
      return CodeBlock.of(SAMPLES);
    }
    return axis.isParts()
        ? CodeBlock.of("$T.min($N, $L)", Math.class, SAMPLES, axis.blockNumber())
        : CodeBlock.of("$N / $L + 1", SAMPLES, axis.blockNumber());
  }

  static TypeName typeName(ElementType type) {
    return switch (type) {
      case FLOAT -> TypeName.FLOAT;
      case DOUBLE -> TypeName.DOUBLE;
      case INT -> TypeName.INT;
    };
  }
}
