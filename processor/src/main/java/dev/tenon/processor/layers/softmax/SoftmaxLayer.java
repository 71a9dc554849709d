package dev.tenon.processor.layers.softmax;

import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.function.Consumer;

/**
 * A softmax of one shape.
 *
 * @param output per-sample shape of input and output
 * @param axis the axis that slices run along; 1 is the first one behind the batch
 * @param log whether it gives logarithms
 */
record SoftmaxLayer(Shape output, int axis, boolean log) implements BoundLayer {
  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public void lower(Lowering to) {
    lowerForward(to, "", to.input(), to.output(), to::forward);
    lowerForward(to, "predict", to.predictInput(), to.predictOutput(), to::predict);

    List<Axis> axes = Lowering.axes(output);
    Expr y = load(to.output(), axes);
    Expr dy = load(to.outputGradient(), axes);
    Tensor total = perSlice(to, "totalGradient");
    to.backward(
        slices(to, "backwardSum", log ? "sum of dy" : "sum of dy * y")
            .sum("sum", zero(to.real()), log ? dy : Expr.multiply(dy, y))
            .store(set(total, accumulator("sum", to.real()), others()))
            .build());
    Expr sum = load(total, others());
    to.backward(
        to.nest(
                "backward",
                (log ? "dx = dy - e^y * sum" : "dx = y * (dy - sum)") + ", " + output + " a sample")
            .over(axes)
            .store(
                set(
                    to.inputGradient(),
                    log
                        ? Expr.subtract(dy, Expr.multiply(Expr.exp(y), sum))
                        : Expr.multiply(y, Expr.subtract(dy, sum)),
                    axes))
            .build());
  }

  /**
   * The nests of one forward.
   *
   * @param prefix of their names, and of the tensors in between
   */
  private void lowerForward(
      Lowering to, String prefix, Tensor x, Tensor y, Consumer<Nest> program) {
    List<Axis> axes = Lowering.axes(output);
    Tensor max = perSlice(to, named(prefix, "max"));
    Tensor sum = perSlice(to, named(prefix, "sum"));
    Tensor powers = to.own(named(prefix, "powers"), to.real(), dims(axes));
    program.accept(
        slices(to, named(prefix, "max"), "max of x")
            .fold(
                "max",
                Expr.constant(to.real(), Double.NEGATIVE_INFINITY),
                Expr.max(accumulator("max", to.real()), load(x, axes)))
            .store(set(max, accumulator("max", to.real()), others()))
            .build());
    Expr shifted = Expr.subtract(load(x, axes), load(max, others()));
    program.accept(
        to.nest(named(prefix, "powers"), "e = e^(x - max), " + output + " a sample")
            .over(axes)
            .store(set(powers, Expr.exp(shifted), axes))
            .build());
    Expr total = accumulator("sum", to.real());
    program.accept(
        slices(to, named(prefix, "sum"), log ? "log of the sum of e" : "sum of e")
            .sum("sum", zero(to.real()), load(powers, axes))
            .store(set(sum, log ? Expr.log(total) : total, others()))
            .build());
    program.accept(
        to.nest(
                prefix.isEmpty() ? "forward" : prefix,
                (log ? "y = x - max - log sum" : "y = e / sum") + ", " + output + " a sample")
            .over(axes)
            .store(
                set(
                    y,
                    log
                        ? Expr.subtract(shifted, load(sum, others()))
                        : Expr.divide(load(powers, axes), load(sum, others())),
                    axes))
            .build());
  }

  private static String named(String prefix, String name) {
    return prefix.isEmpty()
        ? name
        : prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  /** A nest with one point for each slice, which it reduces. */
  private Nest.Builder slices(Lowering to, String name, String what) {
    Axis along = Lowering.axes(output).get(axis);
    return to.nest(name, what + " along " + along.name() + ", " + output + " a sample")
        .over(others())
        .reduce(along);
  }

  /** A tensor with one value for each slice. */
  private Tensor perSlice(Lowering to, String name) {
    return to.own(name, to.real(), dims(others()));
  }

  /** All axes but the one of the slices. */
  private List<Axis> others() {
    Axis along = Lowering.axes(output).get(axis);
    return Lowering.axes(output).stream().filter(other -> !other.equals(along)).toList();
  }

  private static Integer[] dims(List<Axis> axes) {
    return axes.stream().map(Axis::extent).toArray(Integer[]::new);
  }
}
