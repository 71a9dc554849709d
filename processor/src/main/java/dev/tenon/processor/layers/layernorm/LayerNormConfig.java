package dev.tenon.processor.layers.layernorm;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.norm.NormProblems;
import dev.tenon.processor.layers.norm.Normalisation;
import dev.tenon.processor.layers.norm.Scope;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A checked {@code @LayerNorm}.
 *
 * @param declaration what the user wrote
 * @param shape the trailing axes that are normalised over, each at least 1; empty to take the one
 *     axis of a vector
 * @param eps added to the variance; finite, at least 0
 * @param affine whether it learns a scale
 * @param bias whether it learns a shift; only with {@code affine}
 */
public record LayerNormConfig(
    LayerDeclaration declaration, List<Integer> shape, double eps, boolean affine, boolean bias)
    implements LayerConfig {
  static final NormProblems OWN = new NormProblems("LayerNorm");

  /** The shape is not that of the input's last axes. */
  static final Problem SHAPE = Problem.error("LayerNormShape");

  /** The shape is left out, and the input has several axes. */
  static final Problem AXES = Problem.error("LayerNormAxes");

  static final String SIZES = "shape";

  public LayerNormConfig {
    shape = List.copyOf(shape);
  }

  @Override
  public OptionalInt wantedChannels() {
    // Of a vector the shape is the features; of more, whose size it begins with is not known here.
    return shape.size() == 1 ? OptionalInt.of(shape.get(0)) : OptionalInt.empty();
  }

  @Override
  public Optional<LayerNormLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    if (shape.isEmpty() && input.rank() > 1) {
      checks.report(
          AXES,
          "",
          "its input "
              + input
              + " has "
              + input.rank()
              + " axes, and over how many of the last of them it normalises must be written.",
          "Write shape = " + choices(input) + ".");
      return Optional.empty();
    }
    int trailing = shape.isEmpty() ? 1 : shape.size();
    List<Integer> last = last(input, Math.min(trailing, input.rank()));
    if (!shape.isEmpty() && !shape.equals(last)) {
      checks.report(
          SHAPE,
          SIZES,
          "shape = " + java(shape) + ", but " + actual(input, trailing, last) + ".",
          remedies(input, last),
          "");
      return Optional.empty();
    }
    return Optional.of(
        new LayerNormLayer(
            input,
            new Normalisation(
                Scope.ofTrailing(input, trailing), eps, affine, bias, Optional.empty())));
  }

  private List<Remedy> remedies(Shape input, List<Integer> last) {
    Remedy here = Remedy.follow(declaration, SIZES, last);
    boolean isVectorOfShape = input.rank() == 1 && new Shape(shape).count() == input.count();
    return isVectorOfShape
        ? List.of(here, Remedy.reshape(declaration, java(shape), shape, ""))
        : List.of(here);
  }

  private static String actual(Shape input, int trailing, List<Integer> last) {
    if (input.rank() < trailing) {
      return "its input "
          + input
          + " has only "
          + input.rank()
          + (input.rank() == 1 ? " axis" : " axes");
    }
    if (input.rank() == 1) {
      return "its input has " + input.size(0) + (input.size(0) == 1 ? " feature" : " features");
    }
    return trailing == 1
        ? "the last axis of its input " + input + " has size " + last.get(0)
        : "the last " + trailing + " axes of its input " + input + " are " + new Shape(last);
  }

  private static List<Integer> last(Shape input, int count) {
    return input.sizes().subList(input.rank() - count, input.rank());
  }

  /** All that could be written. */
  private static String choices(Shape input) {
    StringBuilder choices = new StringBuilder();
    for (int count = 1; count <= input.rank(); count++) {
      choices.append(count == 1 ? "" : count == input.rank() ? " or " : ", ");
      choices.append(java(last(input, count)));
    }
    return choices.toString();
  }

  private static String java(List<Integer> sizes) {
    return sizes.size() == 1
        ? String.valueOf(sizes.get(0))
        : sizes.stream().map(String::valueOf).collect(Collectors.joining(", ", "{", "}"));
  }
}
