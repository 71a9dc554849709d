package dev.tenon.processor.layers.avgpool2d;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.WindowSpec;
import java.util.List;
import java.util.Optional;

/** {@code @AvgPool2d(kernel, stride, padding, ceilMode, countIncludePad, divisorOverride)}. */
public final class AvgPool2dType implements LayerType {
  @Override
  public String annotation() {
    return "AvgPool2d";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(
        AvgPool2dConfig.RANGE,
        AvgPool2dConfig.VALUES,
        AvgPool2dConfig.PADDING,
        AvgPool2dConfig.RANK,
        AvgPool2dConfig.KERNEL,
        AvgPool2dConfig.SIZE);
  }

  @Override
  public Optional<AvgPool2dConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    Checks checks = new Checks(declaration, report);
    if (attributes.integer("divisorOverride") < 0) {
      checks.report(
          AvgPool2dConfig.RANGE,
          "divisorOverride",
          "divisorOverride must be at least 1, but is "
              + attributes.integer("divisorOverride")
              + ".",
          "Leave it out to divide by the size of the window.");
    }
    return WindowSpec.ofPool(
            checks,
            new WindowSpec.PoolProblems(
                AvgPool2dConfig.VALUES, AvgPool2dConfig.RANGE, AvgPool2dConfig.PADDING),
            attributes,
            List.of(1, 1))
        .map(
            window ->
                new AvgPool2dConfig(
                    declaration,
                    window,
                    attributes.flag("countIncludePad"),
                    attributes.integer("divisorOverride")));
  }
}
