package dev.tenon.processor.layers.relu;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import java.util.List;
import java.util.Optional;

/** {@code @ReLU}, which has no attributes and takes every shape. */
public final class ReLUType implements LayerType {
  @Override
  public String annotation() {
    return "ReLU";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of();
  }

  @Override
  public Optional<ReLUConfig> configure(LayerDeclaration declaration, Report report) {
    return Optional.of(new ReLUConfig());
  }
}
