package dev.tenon.processor.layers.maxpool2d;

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

/** {@code @MaxPool2d(kernel, stride, padding, dilation, ceilMode)}. */
public final class MaxPool2dType implements LayerType {
  @Override
  public String annotation() {
    return "MaxPool2d";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(
        MaxPool2dConfig.RANGE,
        MaxPool2dConfig.VALUES,
        MaxPool2dConfig.PADDING,
        MaxPool2dConfig.RANK,
        MaxPool2dConfig.KERNEL,
        MaxPool2dConfig.SIZE,
        MaxPool2dConfig.EMPTY_WINDOW);
  }

  @Override
  public Optional<MaxPool2dConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    Checks checks = new Checks(declaration, report);
    return WindowSpec.ofPool(
            checks,
            new WindowSpec.PoolProblems(
                MaxPool2dConfig.VALUES, MaxPool2dConfig.RANGE, MaxPool2dConfig.PADDING),
            attributes,
            checks.pair(MaxPool2dConfig.VALUES, MaxPool2dConfig.RANGE, "dilation", 1))
        .map(window -> new MaxPool2dConfig(declaration, window));
  }
}
