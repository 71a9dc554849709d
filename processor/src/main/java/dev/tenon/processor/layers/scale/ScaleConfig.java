package dev.tenon.processor.layers.scale;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked {@code @Scale}; it takes every shape.
 *
 * @param declaration what the user wrote
 * @param initial what every factor starts at
 * @param bias whether it adds a learnt shift
 */
record ScaleConfig(LayerDeclaration declaration, double initial, boolean bias)
    implements LayerConfig {
  @Override
  public Optional<ScaleLayer> bind(List<Shape> inputs, Report report) {
    return Optional.of(new ScaleLayer(inputs.get(0), initial, bias));
  }

  @Override
  public void checkPrecision(ElementType real, Report report) {
    new Checks(declaration, report).finiteIn(real, ScaleType.INITIAL, "initial");
  }
}
