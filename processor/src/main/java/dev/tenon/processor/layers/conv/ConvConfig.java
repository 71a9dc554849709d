package dev.tenon.processor.layers.conv;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.PlacedLayer;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Reshapings;
import dev.tenon.processor.layers.common.Window;
import dev.tenon.processor.layers.common.WindowKind;
import dev.tenon.processor.layers.common.WindowSpec;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked convolution.
 *
 * @param declaration what the user wrote
 * @param in channels of the input, 0 to take them from the input
 * @param out channels of the output, divisible by {@code groups}
 * @param window kernel, stride, padding and dilation
 * @param mode what the padding is
 * @param groups number of groups
 * @param bias whether it adds a learnt bias
 */
record ConvConfig(
    LayerDeclaration declaration,
    int in,
    int out,
    WindowSpec window,
    PaddingMode mode,
    int groups,
    boolean bias)
    implements LayerConfig {

  /** {@code SAME} padding on some axes only, or with a stride. */
  static Problem same(WindowKind kind) {
    return kind.error("Same");
  }

  /** {@code groups} does not divide the channels. */
  static Problem groups(WindowKind kind) {
    return kind.error("Groups");
  }

  /** {@code in} is not the number of the input's channels. */
  static Problem channels(WindowKind kind) {
    return kind.error("Channels");
  }

  /** More padding than the mode can make of the image. */
  static Problem padding(WindowKind kind) {
    return kind.error("Padding");
  }

  /** A bias directly before a layer that cancels it. */
  static Problem unusedBias(WindowKind kind) {
    return Problem.note(kind.annotation() + "UnusedBias");
  }

  @Override
  public OptionalInt wantedChannels() {
    return in == 0 ? OptionalInt.empty() : OptionalInt.of(in);
  }

  @Override
  public Optional<String> outputChannels() {
    return Optional.of("out");
  }

  @Override
  public void checkPlace(PlacedLayer self, Report report) {
    if (bias) {
      new Checks(declaration, report).unusedBias(unusedBias(window.kind()), self);
    }
  }

  @Override
  public Optional<ConvLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    WindowKind kind = window.kind();
    if (!kind.takes(checks, input, declaration, forVectors(kind, declaration, in, input))) {
      return Optional.empty();
    }
    checkChannels(kind, declaration, checks, in, groups, input);
    Optional<Windows> windows = window.windows(checks, input);
    windows.ifPresent(slid -> checkBorder(checks, input, slid));
    return checks.passed()
        ? windows.map(slid -> new ConvLayer(input, out, slid, mode, groups, bias))
        : Optional.empty();
  }

  /** What a vector needs before a convolution, or in its place. */
  static List<Remedy> forVectors(
      WindowKind kind, LayerDeclaration declaration, int in, Shape input) {
    List<Remedy> remedies =
        new ArrayList<>(Reshapings.before(declaration, kind.spatial(), input, in));
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("in", 0);
    values.put("out", declaration.attributes().integer("out"));
    values.put("bias", declaration.attributes().flag("bias"));
    remedies.add(
        new Remedy(
            "use", "@Linear for vectors", new Change.Replace(declaration, "Linear", values)));
    return remedies;
  }

  /** That the channels of the input are those written, and fit the groups. */
  static void checkChannels(
      WindowKind kind,
      LayerDeclaration declaration,
      Checks checks,
      int in,
      int groups,
      Shape input) {
    if (in != 0 && in != input.channels()) {
      checks.report(
          channels(kind),
          "in",
          "in = "
              + in
              + ", but its input has "
              + input.channels()
              + (input.channels() == 1 ? " channel." : " channels."),
          List.of(Remedy.follow(declaration, "in", input.channels())),
          "");
    }
    if (in == 0 && input.channels() % groups != 0) {
      checks.report(
          groups(kind),
          "groups",
          "groups = "
              + groups
              + " does not divide the "
              + input.channels()
              + " channels of its input.",
          "Every group needs equally many channels.");
    }
  }

  private void checkBorder(Checks checks, Shape input, Windows windows) {
    for (Window along : windows.axes()) {
      long widest = Math.max(along.before(), along.after());
      if (widest > mode.most(along.size())) {
        checks.report(
            padding(window.kind()),
            "padding",
            "paddingMode = "
                + mode
                + " can pad an axis of "
                + along.size()
                + (along.size() == 1 ? " element" : " elements")
                + " by at most "
                + mode.most(along.size())
                + ", but the padding of its input "
                + input
                + " is "
                + widest
                + ".",
            "Use less padding, or paddingMode = PaddingMode.REPLICATE, which has no limit.");
        return;
      }
    }
    if (mode == PaddingMode.ZEROS) {
      return;
    }
    // A border of zeros is never written down; this one is.
    BigInteger values =
        windows.axes().stream()
            .map(along -> BigInteger.valueOf(along.padded()))
            .reduce(BigInteger.valueOf(input.channels()), BigInteger::multiply);
    if (values.bitLength() >= Integer.SIZE) {
      checks.report(
          window.kind().size(),
          "padding",
          "the padded input "
              + input.channels()
              + "x"
              + windows.text(Window::padded)
              + " is too large: it holds at most "
              + Integer.MAX_VALUE
              + " values.",
          "Use less padding.");
    }
  }
}
