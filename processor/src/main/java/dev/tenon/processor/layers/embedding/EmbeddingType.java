package dev.tenon.processor.layers.embedding;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import java.util.List;
import java.util.Optional;

/** {@code @Embedding(num, dim, paddingIndex)}, which reads indices. */
public final class EmbeddingType implements LayerType {
  /** A table without rows, or rows without values. */
  static final Problem SIZE = Problem.error("EmbeddingSize");

  /** A padding row that the table does not have. */
  static final Problem PADDING = Problem.error("EmbeddingPadding");

  /** The value of {@code Embedding.NO_PADDING}. */
  private static final int NO_PADDING = Integer.MAX_VALUE;

  @Override
  public String annotation() {
    return "Embedding";
  }

  @Override
  public StateView view() {
    return StateView.WEIGHTED;
  }

  @Override
  public List<Problem> problems() {
    return List.of(SIZE, PADDING);
  }

  @Override
  public Optional<EmbeddingConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    Checks checks = new Checks(declaration, report);
    int num = attributes.integer("num");
    int padding = attributes.integer("paddingIndex");
    boolean right = true;
    // Left out, it follows from what the layer reads.
    boolean counts = !attributes.isWritten("num") && num == 0;
    for (String size : counts ? List.of("dim") : List.of("num", "dim")) {
      int value = attributes.integer(size);
      if (value < 1) {
        checks.report(SIZE, size, size + " must be at least 1, but is " + value + ".", "");
        right = false;
      }
    }
    if (num >= 1 && padding != NO_PADDING && (padding < -num || padding >= num)) {
      checks.report(
          PADDING,
          "paddingIndex",
          "paddingIndex must lie in [-" + num + ", " + num + "), but is " + padding + ".",
          "Raise num, or name one of the rows.");
      right = false;
    }
    if (!right) {
      return Optional.empty();
    }
    int row = padding < 0 ? num + padding : padding;
    return Optional.of(
        new EmbeddingConfig(
            declaration,
            num,
            attributes.integer("dim"),
            padding == NO_PADDING ? EmbeddingLayer.NONE : row));
  }
}
