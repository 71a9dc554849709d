package dev.tenon.processor.layers.multiply;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import java.util.List;
import java.util.Optional;

/** {@code @Multiply}, which has no attributes. */
public final class MultiplyType implements LayerType {
  @Override
  public String annotation() {
    return "Multiply";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(MultiplyConfig.SHAPES);
  }

  @Override
  public Optional<MultiplyConfig> configure(LayerDeclaration declaration, Report report) {
    return Optional.of(new MultiplyConfig(declaration));
  }
}
