package dev.tenon.processor.layers.conv2d;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.WindowSpec;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked {@code @Conv2d}.
 *
 * @param declaration what the user wrote
 * @param in channels of the input, 0 to take them from the input
 * @param out channels of the output, divisible by {@code groups}
 * @param window kernel, stride, padding and dilation
 * @param groups number of groups
 * @param bias whether it adds a learnt bias
 */
public record Conv2dConfig(
    LayerDeclaration declaration, int in, int out, WindowSpec window, int groups, boolean bias)
    implements LayerConfig {
  /** A number below what it may be. */
  public static final Problem RANGE = Problem.error("Conv2dRange");

  /** None or more than two values where height and width are meant. */
  public static final Problem VALUES = Problem.error("Conv2dValues");

  /** {@code SAME} padding on one axis only, or with a stride. */
  public static final Problem SAME = Problem.error("Conv2dSame");

  /** {@code groups} does not divide the channels. */
  public static final Problem GROUPS = Problem.error("Conv2dGroups");

  /** The input is not an image. */
  public static final Problem RANK = Problem.error("Conv2dRank");

  /** {@code in} is not the number of the input's channels. */
  public static final Problem CHANNELS = Problem.error("Conv2dChannels");

  /** The kernel is larger than the padded input. */
  public static final Problem KERNEL = Problem.error("Conv2dKernel");

  /** A size that an int does not hold. */
  public static final Problem SIZE = Problem.error("Conv2dSize");

  @Override
  public Optional<Conv2dLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    if (!WindowSpec.isImage(checks, RANK, input, "Use @Linear for vectors.")) {
      return Optional.empty();
    }
    if (in != 0 && in != input.channels()) {
      checks.report(
          CHANNELS,
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
          GROUPS,
          "groups",
          "groups = "
              + groups
              + " does not divide the "
              + input.channels()
              + " channels of its input.",
          "Every group needs equally many channels.");
    }
    if (!window.check(checks, KERNEL, SIZE, input) || !checks.passed()) {
      return Optional.empty();
    }
    return Optional.of(
        new Conv2dLayer(input, out, window.along(0, input), window.along(1, input), groups, bias));
  }
}
