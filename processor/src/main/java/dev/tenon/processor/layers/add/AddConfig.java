package dev.tenon.processor.layers.add;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Joins;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * An {@code @Add}; there is nothing to configure.
 *
 * @param declaration what the user wrote
 */
public record AddConfig(LayerDeclaration declaration) implements LayerConfig {
  /** Inputs of different shapes. */
  public static final Problem SHAPES = Problem.error("AddShapes");

  @Override
  public boolean joins() {
    return true;
  }

  @Override
  public Optional<AddLayer> bind(List<Shape> inputs, Report report) {
    return Joins.haveOneShape(SHAPES, declaration, inputs, report)
        ? Optional.of(new AddLayer(inputs.get(0)))
        : Optional.empty();
  }
}
