package dev.tenon.processor.layers.avgpool;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.layers.common.WindowKind;
import dev.tenon.processor.layers.common.WindowSpec;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * {@code @AvgPool1d}, {@code @AvgPool2d} or {@code @AvgPool3d(kernel, stride, padding, ceilMode,
 * countIncludePad, divisorOverride)}.
 *
 * @param spatial which of the three
 */
public record AvgPoolType(Spatial spatial) implements LayerType {
  private WindowKind kind() {
    return new WindowKind("AvgPool", spatial);
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
    return WindowSpec.problemsOfPool(kind());
  }

  @Override
  public Optional<AvgPoolConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    Checks checks = new Checks(declaration, report);
    if (attributes.integer("divisorOverride") < 0) {
      checks.report(
          kind().range(),
          "divisorOverride",
          "divisorOverride must be at least 1, but is "
              + attributes.integer("divisorOverride")
              + ".",
          "Leave it out to divide by the size of the window.");
    }
    return WindowSpec.ofPool(checks, kind(), attributes, Collections.nCopies(spatial.axes(), 1))
        .map(
            window ->
                new AvgPoolConfig(
                    declaration,
                    window,
                    attributes.flag("countIncludePad"),
                    attributes.integer("divisorOverride")));
  }
}
