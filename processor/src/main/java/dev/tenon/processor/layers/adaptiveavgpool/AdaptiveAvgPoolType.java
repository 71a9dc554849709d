package dev.tenon.processor.layers.adaptiveavgpool;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.layers.common.WindowKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code @AdaptiveAvgPool1d}, {@code @AdaptiveAvgPool2d} or {@code @AdaptiveAvgPool3d(out)}.
 *
 * @param spatial which of the three
 */
public record AdaptiveAvgPoolType(Spatial spatial) implements LayerType {
  private WindowKind kind() {
    return new WindowKind("AdaptiveAvgPool", spatial);
  }

  @Override
  public String annotation() {
    return kind().annotation();
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    WindowKind kind = kind();
    List<Problem> problems = new ArrayList<>(List.of(kind.range()));
    if (spatial != Spatial.ONE) {
      problems.add(kind.values());
    }
    problems.addAll(List.of(kind.rank(), kind.size()));
    return List.copyOf(problems);
  }

  @Override
  public Optional<AdaptiveAvgPoolConfig> configure(LayerDeclaration declaration, Report report) {
    List<Integer> out = new Checks(declaration, report).perAxis(kind(), "out", 1);
    return out.isEmpty()
        ? Optional.empty()
        : Optional.of(new AdaptiveAvgPoolConfig(declaration, kind(), out));
  }
}
