package dev.tenon.processor.layers.conv;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.layers.common.WindowKind;
import java.util.List;
import java.util.Optional;

/**
 * {@code @ConvTranspose2d(in, out, kernel, stride, padding, outputPadding, dilation, groups,
 * bias)}.
 */
public final class ConvTransposeType implements LayerType {
  static final WindowKind KIND = new WindowKind("ConvTranspose", Spatial.TWO, true);

  /** {@code outputPadding} is neither below the stride nor below the dilation. */
  static final Problem OUTPUT_PADDING = KIND.error("OutputPadding");

  @Override
  public String annotation() {
    return KIND.annotation();
  }

  @Override
  public StateView view() {
    return StateView.WEIGHTED;
  }

  @Override
  public List<Problem> problems() {
    return List.of(
        KIND.range(),
        KIND.values(),
        ConvConfig.groups(KIND),
        OUTPUT_PADDING,
        KIND.rank(),
        ConvConfig.channels(KIND),
        KIND.size(),
        ConvConfig.unusedBias(KIND));
  }

  @Override
  public Optional<ConvTransposeConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    Checks checks = new Checks(declaration, report);
    checks.sizeOrZero(KIND.range(), "in");
    checks.atLeast(KIND.range(), "out", 1);
    checks.atLeast(KIND.range(), "groups", 1);
    int in = attributes.integer("in");
    int out = attributes.integer("out");
    int groups = attributes.integer("groups");
    if (in >= 0 && out >= 1 && groups >= 1) {
      ConvType.checkGroups(KIND, checks, in, out, groups);
    }
    List<Integer> kernel = checks.perAxis(KIND, "kernel", 1);
    List<Integer> stride = checks.perAxis(KIND, "stride", 1);
    List<Integer> padding = checks.perAxis(KIND, "padding", 0);
    List<Integer> dilation = checks.perAxis(KIND, "dilation", 1);
    List<Integer> outputPadding = checks.perAxis(KIND, "outputPadding", 0);
    if (checks.passed()) {
      checkOutputPadding(checks, outputPadding, stride, dilation);
    }
    return checks.passed()
        ? Optional.of(
            new ConvTransposeConfig(
                declaration,
                in,
                out,
                new ConvTransposeConfig.Geometry(kernel, stride, padding, outputPadding, dilation),
                groups,
                attributes.flag("bias")))
        : Optional.empty();
  }

  private static void checkOutputPadding(
      Checks checks, List<Integer> outputPadding, List<Integer> stride, List<Integer> dilation) {
    for (int axis = 0; axis < outputPadding.size(); axis++) {
      int most = Math.max(stride.get(axis), dilation.get(axis)) - 1;
      if (outputPadding.get(axis) > most) {
        checks.report(
            OUTPUT_PADDING,
            "outputPadding",
            "outputPadding = "
                + outputPadding.get(axis)
                + " must be smaller than the larger of stride and dilation, "
                + (most + 1)
                + ".",
            most == 0
                ? "Leave it out: with stride 1 there is only one size that fits."
                : "Use at most " + most + ".");
        return;
      }
    }
  }
}
