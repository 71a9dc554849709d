package dev.tenon.processor.layers.dropout;

import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.Expr.Uniform;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A dropout of one shape.
 *
 * @param output per-sample shape of input and output
 * @param p probability of being dropped, in [0, 1]
 * @param channels whether the elements of a channel are dropped or kept together
 */
record DropoutLayer(Shape output, double p, boolean channels) implements BoundLayer {
  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public boolean isElementwise() {
    return true;
  }

  @Override
  public OptionalDouble dropProbability() {
    return OptionalDouble.of(p);
  }

  @Override
  public void lower(Lowering to) {
    to.forward(mask(to, "forward", to.input(), to.output()));
    to.backward(mask(to, "backward", to.outputGradient(), to.inputGradient()));

    List<Axis> axes = Lowering.axes(output);
    to.predict(
        to.nest("predict", "y = x, " + output + " a sample")
            .over(axes)
            .store(set(to.predictOutput(), load(to.predictInput(), axes), axes))
            .build());
  }

  /** Forward and backward are the same function, of x and of dy. */
  private Nest mask(Lowering to, String name, Tensor from, Tensor into) {
    List<Axis> axes = Lowering.axes(output);
    String result = from.equals(to.input()) ? "y" : "dx";
    String operand = from.equals(to.input()) ? "x" : "dy";
    return to.nest(name, result + " = " + summary(operand) + ", " + output + " a sample")
        .over(axes)
        .store(set(into, masked(to, load(from, axes), axes), axes))
        .build();
  }

  private String summary(String operand) {
    if (p == 0) {
      return operand;
    }
    return (channels ? "channel kept ? " : "kept ? ") + operand + " / (1 - p) : 0, p = " + p;
  }

  private Expr masked(Lowering to, Expr value, List<Axis> axes) {
    if (p == 0) {
      return value;
    }
    ElementType real = to.real();
    Expr probability = new Expr.Scalar(to.scalar(HostScalar.Kind.DROP_PROBABILITY));
    Expr one = Expr.constant(ElementType.DOUBLE, 1);
    // The random numbers are floats; rounding p makes the comparison the same everywhere. They stay
    // below 1, so with p = 1 the infinite scale is never used.
    return Expr.select(
        Comparison.LESS,
        new Uniform(to.scalar(HostScalar.Kind.RANDOM_KEY), dropped(axes)),
        Expr.cast(ElementType.FLOAT, probability),
        zero(real),
        Expr.multiply(value, Expr.cast(real, Expr.divide(one, Expr.subtract(one, probability)))));
  }

  /** Row-major number in the batch of what is dropped together: an element, or a channel. */
  private Affine dropped(List<Axis> axes) {
    Affine index = Affine.of(axes.get(0));
    for (int axis = 1; axis < (channels ? 2 : axes.size()); axis++) {
      index = index.times(output.size(axis - 1)).plus(axes.get(axis));
    }
    return index;
  }
}
