package dev.tenon.processor.layers.flatten;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import java.util.List;
import java.util.Optional;

/** {@code @Flatten(start, end)}. */
public final class FlattenType implements LayerType {
  @Override
  public String annotation() {
    return "Flatten";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(FlattenConfig.BATCH, FlattenConfig.AXIS, FlattenConfig.ORDER);
  }

  @Override
  public Optional<FlattenConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    Checks checks = new Checks(declaration, report);
    for (String attribute : List.of("start", "end")) {
      if (attributes.integer(attribute) == 0) {
        checks.report(
            FlattenConfig.BATCH,
            attribute,
            attribute + " = 0 is the batch axis, which cannot be flattened into a sample.",
            "Axes count from 1 behind the batch, or from -1 at the end.");
      }
    }
    return checks.passed()
        ? Optional.of(
            new FlattenConfig(declaration, attributes.integer("start"), attributes.integer("end")))
        : Optional.empty();
  }
}
