package dev.tenon.processor.layers.concat;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Joins;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A checked {@code @Concat}.
 *
 * @param declaration what the user wrote
 * @param axis as in PyTorch: 0 is the batch, negative numbers count from the end; not 0
 */
public record ConcatConfig(LayerDeclaration declaration, int axis) implements LayerConfig {
  /** Samples cannot be put together. */
  public static final Problem BATCH = Problem.error("ConcatBatch");

  /** An axis that the inputs do not have. */
  public static final Problem AXIS = Problem.error("ConcatAxis");

  /** Inputs that differ elsewhere than along the axis. */
  public static final Problem SHAPES = Problem.error("ConcatShapes");

  static final String ATTRIBUTE = "axis";

  @Override
  public boolean joins() {
    return true;
  }

  @Override
  public Optional<ConcatLayer> bind(List<Shape> inputs, Report report) {
    Shape first = inputs.get(0);
    int rank = first.rank();
    if (axis > rank || axis < -rank) {
      new Checks(declaration, report)
          .report(
              AXIS,
              ATTRIBUTE,
              "axis = "
                  + axis
                  + ", but its input "
                  + first
                  + (rank == 1
                      ? " has axis 1 alone behind the batch."
                      : " has axes 1 to " + rank + " behind the batch."),
              IntStream.rangeClosed(1, rank)
                  .mapToObj(other -> along("set axis =", String.valueOf(other), other))
                  .toList(),
              "");
      return Optional.empty();
    }
    int along = axis > 0 ? axis - 1 : rank + axis;
    for (int i = 1; i < inputs.size(); i++) {
      if (!differOnlyAt(along, first, inputs.get(i))) {
        Joins.report(
            SHAPES,
            declaration,
            i,
            inputs,
            inputs.get(i).rank() == rank
                ? "but inputs may differ along axis " + (along + 1) + " only."
                : "but inputs must have the same number of axes.",
            remedies(along, i, inputs),
            advice(along, first, inputs.get(i)),
            report);
        return Optional.empty();
      }
    }
    return Optional.of(new ConcatLayer(inputs, along));
  }

  private static boolean differOnlyAt(int axis, Shape one, Shape other) {
    if (one.rank() != other.rank()) {
      return false;
    }
    return differences(one, other).stream().allMatch(d -> d == axis);
  }

  private static List<Integer> differences(Shape one, Shape other) {
    List<Integer> axes = new ArrayList<>();
    for (int d = 0; d < one.rank(); d++) {
      if (one.size(d) != other.size(d)) {
        axes.add(d);
      }
    }
    return axes;
  }

  private Remedy along(String verb, String what, int other) {
    return new Remedy(verb, what, new Change.Set(declaration, ATTRIBUTE, other));
  }

  /** Another axis, if there is one along which they do fit. */
  private List<Remedy> remedies(int axis, int input, List<Shape> inputs) {
    Shape one = inputs.get(0);
    Shape other = inputs.get(input);
    if (one.rank() != other.rank()) {
      int flattened = one.rank() > other.rank() ? 0 : input;
      return List.of(
          new Remedy(
              "flatten",
              "the one with more axes",
              new Change.PutBetween(
                  declaration, flattened, "Flatten", Map.of("start", 1, "end", -1))));
    }
    List<Integer> axes = differences(one, other);
    if (axes.size() > 1 || axes.get(0) == axis) {
      return List.of();
    }
    int right = axes.get(0) + 1;
    String what = ATTRIBUTE + " = " + right + ", or make their sizes equal there";
    return List.of(along("set", what, right));
  }

  private static String advice(int axis, Shape one, Shape other) {
    if (one.rank() != other.rank()) {
      return "";
    }
    List<Integer> axes = differences(one, other);
    axes.remove(Integer.valueOf(axis));
    return "Make their sizes equal along "
        + (axes.size() == 1 ? "axis " : "axes ")
        + String.join(" and ", axes.stream().map(d -> String.valueOf(d + 1)).toList())
        + ".";
  }
}
