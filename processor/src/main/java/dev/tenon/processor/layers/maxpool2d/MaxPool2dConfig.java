package dev.tenon.processor.layers.maxpool2d;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Window;
import dev.tenon.processor.layers.common.WindowSpec;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked {@code @MaxPool2d}.
 *
 * @param declaration what the user wrote
 * @param window kernel, stride, padding, dilation and the rounding of the output's size
 */
public record MaxPool2dConfig(LayerDeclaration declaration, WindowSpec window)
    implements LayerConfig {
  /** A number below what it may be. */
  public static final Problem RANGE = Problem.error("MaxPool2dRange");

  /** None or more than two values where height and width are meant. */
  public static final Problem VALUES = Problem.error("MaxPool2dValues");

  /** More padding than half the kernel. */
  public static final Problem PADDING = Problem.error("MaxPool2dPadding");

  /** The input is not an image. */
  public static final Problem RANK = Problem.error("MaxPool2dRank");

  /** The kernel is larger than the padded input. */
  public static final Problem KERNEL = Problem.error("MaxPool2dKernel");

  /** A size that an int does not hold. */
  public static final Problem SIZE = Problem.error("MaxPool2dSize");

  /** A dilation so large that a window sees nothing but padding. */
  public static final Problem EMPTY_WINDOW = Problem.error("MaxPool2dEmptyWindow");

  @Override
  public Optional<MaxPool2dLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    if (!WindowSpec.isImage(checks, RANK, input, "Put it before the layer that flattens.")
        || !window.check(checks, KERNEL, SIZE, input)) {
      return Optional.empty();
    }
    Window vertical = window.along(0, input);
    Window horizontal = window.along(1, input);
    if (vertical.hasEmptyWindow() || horizontal.hasEmptyWindow()) {
      checks.report(
          EMPTY_WINDOW,
          "dilation",
          "with dilation "
              + vertical.dilation()
              + "x"
              + horizontal.dilation()
              + " and padding "
              + vertical.before()
              + "x"
              + horizontal.before()
              + ", a window sees nothing of its input "
              + input
              + " but padding.",
          "Use a smaller dilation or no padding.");
      return Optional.empty();
    }
    return Optional.of(new MaxPool2dLayer(input, vertical, horizontal));
  }
}
