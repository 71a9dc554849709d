package dev.tenon.processor.layers.dropout;

import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked {@code @Dropout}; it takes every shape.
 *
 * @param p probability of being dropped, in [0, 1]
 */
public record DropoutConfig(double p) implements LayerConfig {
  /** {@code p} is outside [0, 1]. */
  public static final Problem RANGE = Problem.error("DropoutRange");

  @Override
  public Optional<DropoutLayer> bind(List<Shape> inputs, Report report) {
    return Optional.of(new DropoutLayer(inputs.get(0), p));
  }
}
