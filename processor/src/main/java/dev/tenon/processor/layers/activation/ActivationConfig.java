package dev.tenon.processor.layers.activation;

import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked activation; it takes every shape.
 *
 * @param activation what it computes
 */
record ActivationConfig(Activation activation) implements LayerConfig {
  /** The slope of a {@code @LeakyReLU} is not finite. */
  static final Problem SLOPE = Problem.error("LeakyReLUSlope");

  /** {@code min} of a {@code @Hardtanh} is not below {@code max}. */
  static final Problem RANGE = Problem.error("HardtanhRange");

  @Override
  public Optional<ActivationLayer> bind(List<Shape> inputs, Report report) {
    return Optional.of(new ActivationLayer(inputs.get(0), activation));
  }
}
