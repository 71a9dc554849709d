package dev.tenon.processor.layers.embedding;

import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A checked {@code @Embedding}; it takes indices of every shape.
 *
 * @param rows of the table
 * @param dim values of a row
 * @param padding number of the padding row, or {@link EmbeddingLayer#NONE}
 */
record EmbeddingConfig(int rows, int dim, int padding) implements LayerConfig {
  @Override
  public boolean readsIndices() {
    return true;
  }

  @Override
  public Optional<EmbeddingLayer> bind(List<Shape> inputs, Report report) {
    List<Integer> sizes = new ArrayList<>(inputs.get(0).sizes());
    sizes.add(dim);
    return Optional.of(new EmbeddingLayer(new Shape(sizes), rows, padding));
  }
}
