package dev.tenon.processor.layers.scale;

import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked {@code @Scale}; it takes every shape.
 *
 * @param initial what every factor starts at
 * @param bias whether it adds a learnt shift
 */
record ScaleConfig(double initial, boolean bias) implements LayerConfig {
  @Override
  public Optional<ScaleLayer> bind(List<Shape> inputs, Report report) {
    return Optional.of(new ScaleLayer(inputs.get(0), initial, bias));
  }
}
