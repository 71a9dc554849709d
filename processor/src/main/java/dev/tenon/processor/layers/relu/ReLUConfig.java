package dev.tenon.processor.layers.relu;

import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/** A {@code @ReLU}; there is nothing to configure. */
public record ReLUConfig() implements LayerConfig {
  @Override
  public Optional<ReLULayer> bind(List<Shape> inputs, Report report) {
    return Optional.of(new ReLULayer(inputs.get(0)));
  }
}
