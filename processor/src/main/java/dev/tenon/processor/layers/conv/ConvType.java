package dev.tenon.processor.layers.conv;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
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
import java.util.stream.Collectors;

/**
 * {@code @Conv1d}, {@code @Conv2d} or {@code @Conv3d(in, out, kernel, stride, padding, dilation,
 * groups, bias, paddingMode)}.
 *
 * @param spatial which of the three
 */
public record ConvType(Spatial spatial) implements LayerType {
  private WindowKind kind() {
    return new WindowKind("Conv", spatial);
  }

  @Override
  public String annotation() {
    return kind().annotation();
  }

  @Override
  public StateView view() {
    return StateView.WEIGHTED;
  }

  @Override
  public List<Problem> problems() {
    WindowKind kind = kind();
    List<Problem> problems = new ArrayList<>(List.of(kind.range()));
    if (spatial != Spatial.ONE) {
      problems.add(kind.values());
    }
    problems.addAll(
        List.of(
            ConvConfig.same(kind),
            ConvConfig.groups(kind),
            kind.rank(),
            ConvConfig.channels(kind),
            kind.kernel(),
            kind.size(),
            ConvConfig.padding(kind),
            ConvConfig.unusedBias(kind)));
    return List.copyOf(problems);
  }

  @Override
  public Optional<ConvConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    WindowKind kind = kind();
    Checks checks = new Checks(declaration, report);
    checks.sizeOrZero(kind.range(), "in");
    checks.atLeast(kind.range(), "out", 1);
    checks.atLeast(kind.range(), "groups", 1);
    int in = attributes.integer("in");
    int out = attributes.integer("out");
    int groups = attributes.integer("groups");
    if (in >= 0 && out >= 1 && groups >= 1) {
      checkGroups(kind, checks, in, out, groups);
    }
    List<Integer> kernel = checks.perAxis(kind, "kernel", 1);
    List<Integer> stride = checks.perAxis(kind, "stride", 1);
    List<Integer> dilation = checks.perAxis(kind, "dilation", 1);
    List<Integer> padding = padding(checks);
    if (padding.contains(WindowSpec.SAME)) {
      checkSame(declaration, checks, padding, stride);
    }
    return checks.passed()
        ? Optional.of(
            new ConvConfig(
                declaration,
                in,
                out,
                new WindowSpec(kind, kernel, stride, padding, dilation, false),
                PaddingMode.valueOf(attributes.text("paddingMode")),
                groups,
                attributes.flag("bias")))
        : Optional.empty();
  }

  static void checkGroups(WindowKind kind, Checks checks, int in, int out, int groups) {
    List<String> undivided = new ArrayList<>();
    if (in % groups != 0) {
      undivided.add("in = " + in);
    }
    if (out % groups != 0) {
      undivided.add("out = " + out);
    }
    if (!undivided.isEmpty()) {
      checks.report(
          ConvConfig.groups(kind),
          "groups",
          "groups = " + groups + " does not divide " + String.join(" and ", undivided) + ".",
          "Every group needs equally many channels.");
    }
  }

  /** As other attributes of the window, but with SAME for a value. */
  private List<Integer> padding(Checks checks) {
    for (int value : checks.values(spatial, "padding")) {
      if (value < WindowSpec.SAME) {
        checks.report(
            kind().range(),
            "padding",
            "padding must be at least 0, or SAME, but is " + value + ".",
            "");
        return List.of();
      }
    }
    return checks.perAxis(kind(), "padding", WindowSpec.SAME);
  }

  private void checkSame(
      LayerDeclaration declaration, Checks checks, List<Integer> padding, List<Integer> stride) {
    if (padding.stream().anyMatch(value -> value != WindowSpec.SAME)) {
      checks.report(
          ConvConfig.same(kind()),
          "padding",
          "SAME goes with all axes or none, but padding is "
              + padding.stream()
                  .map(value -> value == WindowSpec.SAME ? "SAME" : String.valueOf(value))
                  .collect(Collectors.joining(", ", "{", "}.")),
          "Write padding = SAME, or a number for each axis.");
    } else if (stride.stream().anyMatch(value -> value != 1)) {
      checks.report(
          ConvConfig.same(kind()),
          "padding",
          "padding = SAME needs stride 1, but stride is "
              + stride.stream().map(String::valueOf).collect(Collectors.joining("x"))
              + ".",
          List.of(
              new Remedy(
                  "leave out",
                  "stride, or write padding as a number",
                  new Change.LeaveOut(
                      declaration, "stride", spatial == Spatial.ONE ? 1 : List.of(1)))),
          "Write padding as a number.");
    }
  }
}
