package dev.tenon.processor.layers.avgpool2d;

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
 * A checked {@code @AvgPool2d}.
 *
 * @param declaration what the user wrote
 * @param window kernel, stride, padding and the rounding of the output's size
 * @param countIncludePad whether padding counts in the divisor
 * @param divisorOverride a divisor for every window, 0 for none
 */
public record AvgPool2dConfig(
    LayerDeclaration declaration, WindowSpec window, boolean countIncludePad, int divisorOverride)
    implements LayerConfig {
  /** A number below what it may be. */
  public static final Problem RANGE = Problem.error("AvgPool2dRange");

  /** None or more than two values where height and width are meant. */
  public static final Problem VALUES = Problem.error("AvgPool2dValues");

  /** More padding than half the kernel. */
  public static final Problem PADDING = Problem.error("AvgPool2dPadding");

  /** The input is not an image. */
  public static final Problem RANK = Problem.error("AvgPool2dRank");

  /** The kernel is larger than the padded input. */
  public static final Problem KERNEL = Problem.error("AvgPool2dKernel");

  /** A size that an int does not hold. */
  public static final Problem SIZE = Problem.error("AvgPool2dSize");

  @Override
  public Optional<AvgPool2dLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    if (!WindowSpec.isImage(checks, RANK, input, "Put it before the layer that flattens.")
        || !window.check(checks, KERNEL, SIZE, input)) {
      return Optional.empty();
    }
    return Optional.of(
        new AvgPool2dLayer(
            input,
            window.along(0, input),
            window.along(1, input),
            countIncludePad,
            divisorOverride));
  }
}
