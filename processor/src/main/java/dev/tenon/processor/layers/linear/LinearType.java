package dev.tenon.processor.layers.linear;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import java.util.List;
import java.util.Optional;

/** {@code @Linear(in, out, bias)}. */
public final class LinearType implements LayerType {
  @Override
  public String annotation() {
    return "Linear";
  }

  @Override
  public StateView view() {
    return StateView.WEIGHTED;
  }

  @Override
  public List<Problem> problems() {
    return List.of(
        LinearConfig.RANGE,
        LinearConfig.IN,
        LinearConfig.NEEDS_FLATTEN,
        LinearConfig.UNUSED_BIAS,
        LinearConfig.WITHOUT_ACTIVATION);
  }

  @Override
  public Optional<LinearConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    Checks checks = new Checks(declaration, report);
    checks.sizeOrZero(LinearConfig.RANGE, "in");
    checks.atLeast(LinearConfig.RANGE, "out", 1);
    return checks.passed()
        ? Optional.of(
            new LinearConfig(
                declaration,
                attributes.integer("in"),
                attributes.integer("out"),
                attributes.flag("bias")))
        : Optional.empty();
  }
}
