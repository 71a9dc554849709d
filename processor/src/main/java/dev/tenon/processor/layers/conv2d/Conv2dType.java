package dev.tenon.processor.layers.conv2d;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code @Conv2d(in, out, kernel, stride, padding, dilation, groups, bias)}. */
public final class Conv2dType implements LayerType {
  @Override
  public String annotation() {
    return "Conv2d";
  }

  @Override
  public StateView view() {
    return StateView.WEIGHTED;
  }

  @Override
  public List<Problem> problems() {
    return List.of(
        Conv2dConfig.RANGE,
        Conv2dConfig.VALUES,
        Conv2dConfig.SAME,
        Conv2dConfig.GROUPS,
        Conv2dConfig.RANK,
        Conv2dConfig.CHANNELS,
        Conv2dConfig.KERNEL,
        Conv2dConfig.SIZE);
  }

  @Override
  public Optional<Conv2dConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    Checks checks = new Checks(declaration, report);
    checks.sizeOrZero(Conv2dConfig.RANGE, "in");
    checks.atLeast(Conv2dConfig.RANGE, "out", 1);
    checks.atLeast(Conv2dConfig.RANGE, "groups", 1);
    int in = attributes.integer("in");
    int out = attributes.integer("out");
    int groups = attributes.integer("groups");
    if (in >= 0 && out >= 1 && groups >= 1) {
      checkGroups(checks, in, out, groups);
    }
    List<Integer> kernel = checks.pair(Conv2dConfig.VALUES, Conv2dConfig.RANGE, "kernel", 1);
    List<Integer> stride = checks.pair(Conv2dConfig.VALUES, Conv2dConfig.RANGE, "stride", 1);
    List<Integer> dilation = checks.pair(Conv2dConfig.VALUES, Conv2dConfig.RANGE, "dilation", 1);
    List<Integer> padding = padding(checks, attributes);
    if (padding.contains(WindowSpec.SAME)) {
      checkSame(checks, padding, stride);
    }
    return checks.passed()
        ? Optional.of(
            new Conv2dConfig(
                declaration,
                in,
                out,
                new WindowSpec(kernel, stride, padding, dilation, false),
                groups,
                attributes.flag("bias")))
        : Optional.empty();
  }

  private static void checkGroups(Checks checks, int in, int out, int groups) {
    List<String> undivided = new ArrayList<>();
    if (in % groups != 0) {
      undivided.add("in = " + in);
    }
    if (out % groups != 0) {
      undivided.add("out = " + out);
    }
    if (!undivided.isEmpty()) {
      checks.report(
          Conv2dConfig.GROUPS,
          "groups",
          "groups = " + groups + " does not divide " + String.join(" and ", undivided) + ".",
          "Every group needs equally many channels.");
    }
  }

  /** As other pairs, but with SAME for a value. */
  private static List<Integer> padding(Checks checks, Attributes attributes) {
    for (int value : attributes.integers("padding")) {
      if (value < WindowSpec.SAME) {
        checks.report(
            Conv2dConfig.RANGE,
            "padding",
            "padding must be at least 0, or SAME, but is " + value + ".",
            "");
        return List.of();
      }
    }
    return checks.pair(Conv2dConfig.VALUES, Conv2dConfig.RANGE, "padding", WindowSpec.SAME);
  }

  private static void checkSame(Checks checks, List<Integer> padding, List<Integer> stride) {
    if (!padding.equals(List.of(WindowSpec.SAME, WindowSpec.SAME))) {
      checks.report(
          Conv2dConfig.SAME,
          "padding",
          "SAME goes with both axes or none, but padding is SAME on one and "
              + Math.max(padding.get(0), padding.get(1))
              + " on the other.",
          "Write padding = SAME, or a number for each axis.");
    } else if (!stride.isEmpty() && !stride.equals(List.of(1, 1))) {
      checks.report(
          Conv2dConfig.SAME,
          "padding",
          "padding = SAME needs stride 1, but stride is "
              + stride.get(0)
              + "x"
              + stride.get(1)
              + ".",
          "Leave out stride, or write padding as a number.");
    }
  }
}
