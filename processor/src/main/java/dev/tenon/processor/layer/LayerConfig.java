package dev.tenon.processor.layer;

import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/** A layer's checked attributes: a record that knows nothing yet of what flows in. */
public interface LayerConfig {
  /**
   * Checks the configuration against what flows in and resolves what was left out.
   *
   * @param inputs the per-sample shapes of the values that the layer reads, all known
   * @param report takes what is wrong; the caller adds the chain of shapes to it
   * @return the layer with all its sizes, or empty when something was reported
   */
  Optional<? extends BoundLayer> bind(List<Shape> inputs, Report report);
}
