package dev.tenon.processor.layers.maxpool;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.layers.common.WindowKind;
import dev.tenon.processor.layers.common.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code @MaxPool1d}, {@code @MaxPool2d} or {@code @MaxPool3d(kernel, stride, padding, dilation,
 * ceilMode)}.
 *
 * @param spatial which of the three
 */
public record MaxPoolType(Spatial spatial) implements LayerType {
  private WindowKind kind() {
    return new WindowKind("MaxPool", spatial);
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
    List<Problem> problems = new ArrayList<>(WindowSpec.problemsOfPool(kind));
    problems.add(MaxPoolConfig.emptyWindow(kind));
    return List.copyOf(problems);
  }

  @Override
  public Optional<MaxPoolConfig> configure(LayerDeclaration declaration, Report report) {
    Checks checks = new Checks(declaration, report);
    return WindowSpec.ofPool(
            checks, kind(), declaration.attributes(), checks.perAxis(kind(), "dilation", 1))
        .map(window -> new MaxPoolConfig(declaration, window));
  }
}
