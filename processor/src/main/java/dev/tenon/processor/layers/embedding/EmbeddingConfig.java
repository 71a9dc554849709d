package dev.tenon.processor.layers.embedding;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A checked {@code @Embedding}; it takes indices of every shape.
 *
 * @param declaration what the user wrote
 * @param rows of the table, 0 if nothing says how many
 * @param dim values of a row
 * @param padding number of the padding row, or {@link EmbeddingLayer#NONE}
 */
record EmbeddingConfig(LayerDeclaration declaration, int rows, int dim, int padding)
    implements LayerConfig {
  @Override
  public boolean readsIndices() {
    return true;
  }

  @Override
  public Optional<EmbeddingLayer> bind(List<Shape> inputs, Report report) {
    if (rows == 0) {
      new Checks(declaration, report)
          .report(
              EmbeddingType.SIZE,
              "",
              "num is left out, which goes only where it reads an enum of the features.",
              "Write how many categories there are, such as num = 300.");
      return Optional.empty();
    }
    List<Integer> sizes = new ArrayList<>(inputs.get(0).sizes());
    sizes.add(dim);
    return Optional.of(new EmbeddingLayer(new Shape(sizes), rows, padding));
  }
}
