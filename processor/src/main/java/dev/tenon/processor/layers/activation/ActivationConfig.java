package dev.tenon.processor.layers.activation;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked activation; it takes every shape.
 *
 * @param type which one; problems with its numbers are its first
 * @param declaration what the user wrote
 * @param activation what it computes
 */
record ActivationConfig(ActivationType type, LayerDeclaration declaration, Activation activation)
    implements LayerConfig {
  /** The slope of a {@code @LeakyReLU} is not finite. */
  static final Problem SLOPE = Problem.error("LeakyReLUSlope");

  /** {@code min} of a {@code @Hardtanh} is not below {@code max}. */
  static final Problem RANGE = Problem.error("HardtanhRange");

  @Override
  public Optional<ActivationLayer> bind(List<Shape> inputs, Report report) {
    return Optional.of(new ActivationLayer(inputs.get(0), activation));
  }

  @Override
  public void checkPrecision(ElementType real, Report report) {
    Checks checks = new Checks(declaration, report);
    declaration.attributes().values().entrySet().stream()
        .filter(attribute -> attribute.getValue() instanceof Double)
        .forEach(attribute -> checks.finiteIn(real, type.problems().get(0), attribute.getKey()));
  }
}
