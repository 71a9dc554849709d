package dev.tenon.processor.layers.conv;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.WindowKind;
import dev.tenon.processor.layers.common.WindowSpec;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked convolution.
 *
 * @param declaration what the user wrote
 * @param in channels of the input, 0 to take them from the input
 * @param out channels of the output, divisible by {@code groups}
 * @param window kernel, stride, padding and dilation
 * @param groups number of groups
 * @param bias whether it adds a learnt bias
 */
public record ConvConfig(
    LayerDeclaration declaration, int in, int out, WindowSpec window, int groups, boolean bias)
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

  /** A bias directly before a layer that cancels it. */
  static Problem unusedBias(WindowKind kind) {
    return Problem.note(kind.annotation() + "UnusedBias");
  }

  @Override
  public OptionalInt wantedChannels() {
    return in == 0 ? OptionalInt.empty() : OptionalInt.of(in);
  }

  @Override
  public Optional<Resized> withOutputChannels(int channels) {
    return channels % groups == 0
        ? Optional.of(
            new Resized(
                new ConvConfig(declaration, in, channels, window, groups, bias),
                "out = " + channels))
        : Optional.empty();
  }

  @Override
  public void checkReader(Reader reader, Report report) {
    if (bias) {
      new Checks(declaration, report).unusedBias(unusedBias(window.kind()), reader);
    }
  }

  @Override
  public Optional<ConvLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    WindowKind kind = window.kind();
    if (!kind.takes(checks, input, "Use @Linear for vectors.")) {
      return Optional.empty();
    }
    if (in != 0 && in != input.channels()) {
      checks.report(
          channels(kind),
          "in",
          "in = "
              + in
              + ", but its input has "
              + input.channels()
              + (input.channels() == 1 ? " channel." : " channels."),
          "Set in = " + input.channels() + " here.");
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
    Optional<Windows> windows = window.windows(checks, input);
    return checks.passed()
        ? windows.map(slid -> new ConvLayer(input, out, slid, groups, bias))
        : Optional.empty();
  }
}
