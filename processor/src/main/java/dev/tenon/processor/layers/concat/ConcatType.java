package dev.tenon.processor.layers.concat;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import java.util.List;
import java.util.Optional;

/** {@code @Concat(axis)}. */
public final class ConcatType implements LayerType {
  @Override
  public String annotation() {
    return "Concat";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(ConcatConfig.BATCH, ConcatConfig.AXIS, ConcatConfig.SHAPES);
  }

  @Override
  public Optional<ConcatConfig> configure(LayerDeclaration declaration, Report report) {
    int axis = declaration.attributes().integer(ConcatConfig.ATTRIBUTE);
    if (axis == 0) {
      new Checks(declaration, report)
          .report(
              ConcatConfig.BATCH,
              ConcatConfig.ATTRIBUTE,
              "axis = 0 is the batch axis, along which samples are not put together.",
              "Axes count from 1 behind the batch, or from -1 at the end.");
      return Optional.empty();
    }
    return Optional.of(new ConcatConfig(declaration, axis));
  }
}
