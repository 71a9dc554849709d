package dev.tenon.processor.layers.flatten;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked {@code @Flatten}. Axes are numbered as in PyTorch: 0 is the batch, negative numbers
 * count from the end.
 *
 * @param declaration what the user wrote
 * @param start first axis that is flattened, not 0
 * @param end last axis that is flattened, not 0
 */
public record FlattenConfig(LayerDeclaration declaration, int start, int end)
    implements LayerConfig {
  /** The batch axis cannot be flattened. */
  public static final Problem BATCH = Problem.error("FlattenBatch");

  /** An axis that the input does not have. */
  public static final Problem AXIS = Problem.error("FlattenAxis");

  /** {@code start} behind {@code end}. */
  public static final Problem ORDER = Problem.error("FlattenOrder");

  @Override
  public Optional<FlattenLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    int rank = input.rank();
    Checks checks = new Checks(declaration, report);
    requireAxis(checks, "start", start, input);
    requireAxis(checks, "end", end, input);
    if (!checks.passed()) {
      return Optional.empty();
    }
    int first = start > 0 ? start : rank + 1 + start;
    int last = end > 0 ? end : rank + 1 + end;
    if (first > last) {
      checks.report(
          ORDER,
          declaration.attributes().isWritten("end") ? "end" : "start",
          "start is axis "
              + first
              + ", which lies behind end, axis "
              + last
              + " of its input "
              + input
              + ".",
          "Set end to " + first + " or more, or start to " + last + " or less.");
      return Optional.empty();
    }
    return Optional.of(new FlattenLayer(input, first - 1, last - 1));
  }

  private static void requireAxis(Checks checks, String attribute, int axis, Shape input) {
    int rank = input.rank();
    if (axis > rank || axis < -rank) {
      checks.report(
          AXIS,
          attribute,
          attribute
              + " = "
              + axis
              + ", but its input "
              + input
              + " has axes 1 to "
              + rank
              + " behind the batch.",
          "Set " + attribute + " between 1 and " + rank + ", or -1 for the last axis.");
    }
  }
}
