package dev.tenon.processor.layers.dropout;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import java.util.List;
import java.util.Optional;

/** {@code @Dropout(p)}. */
public final class DropoutType implements LayerType {
  @Override
  public String annotation() {
    return "Dropout";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(DropoutConfig.RANGE);
  }

  @Override
  public Optional<DropoutConfig> configure(LayerDeclaration declaration, Report report) {
    double p = declaration.attributes().number("p");
    if (!(p >= 0 && p <= 1)) {
      new Checks(declaration, report)
          .report(DropoutConfig.RANGE, "p", "p must lie between 0 and 1, but is " + p + ".", "");
      return Optional.empty();
    }
    return Optional.of(new DropoutConfig(p));
  }
}
