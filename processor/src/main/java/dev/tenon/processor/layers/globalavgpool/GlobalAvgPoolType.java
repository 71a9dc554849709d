package dev.tenon.processor.layers.globalavgpool;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import java.util.List;
import java.util.Optional;

/** {@code @GlobalAvgPool}, which has no attributes. */
public final class GlobalAvgPoolType implements LayerType {
  @Override
  public String annotation() {
    return "GlobalAvgPool";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(GlobalAvgPoolConfig.RANK);
  }

  @Override
  public Optional<GlobalAvgPoolConfig> configure(LayerDeclaration declaration, Report report) {
    return Optional.of(new GlobalAvgPoolConfig(declaration));
  }
}
