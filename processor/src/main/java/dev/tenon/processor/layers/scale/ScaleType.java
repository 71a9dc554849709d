package dev.tenon.processor.layers.scale;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import java.util.List;
import java.util.Optional;

/** {@code @Scale(initial, bias)}, which takes every shape. */
public final class ScaleType implements LayerType {
  /** The initial factor is not finite. */
  static final Problem INITIAL = Problem.error("ScaleInitial");

  @Override
  public String annotation() {
    return "Scale";
  }

  @Override
  public StateView view() {
    return StateView.WEIGHTED;
  }

  @Override
  public List<Problem> problems() {
    return List.of(INITIAL);
  }

  @Override
  public Optional<ScaleConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    double initial = attributes.number("initial");
    if (!Double.isFinite(initial)) {
      new Checks(declaration, report)
          .report(INITIAL, "initial", "initial must be finite, but is " + initial + ".", "");
      return Optional.empty();
    }
    return Optional.of(new ScaleConfig(declaration, initial, attributes.flag("bias")));
  }
}
