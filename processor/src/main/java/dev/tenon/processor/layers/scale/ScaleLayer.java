package dev.tenon.processor.layers.scale;

import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Init;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A scale of one shape.
 *
 * @param output per-sample shape of input and output
 * @param initial what every factor starts at
 * @param bias whether it adds a learnt shift
 */
record ScaleLayer(Shape output, double initial, boolean bias) implements BoundLayer {
  @Override
  public List<StateSpec> state() {
    List<StateSpec> state = new ArrayList<>();
    state.add(StateSpec.parameter("weight", Init.constant(initial), output.channels()));
    if (bias) {
      state.add(StateSpec.parameter("bias", Init.constant(0), output.channels()));
    }
    return List.copyOf(state);
  }

  @Override
  public void lower(Lowering to) {
    to.forward(scaled(to, "forward", to.input(), to.output()));
    to.predict(scaled(to, "predict", to.predictInput(), to.predictOutput()));

    List<Axis> axes = Lowering.axes(output);
    Expr dy = load(to.outputGradient(), axes);
    to.backward(gradient(to, "weight", "sum of dy * x", Expr.multiply(dy, load(to.input(), axes))));
    if (bias) {
      to.backward(gradient(to, "bias", "sum of dy", dy));
    }
    to.backward(
        to.nest("backward", "dx = dy * weight[c], " + output + " a sample")
            .over(axes)
            .store(
                set(
                    to.inputGradient(),
                    Expr.multiply(dy, load(to.state("weight"), axes.get(1))),
                    axes))
            .build());
  }

  private Nest scaled(Lowering to, String name, Tensor x, Tensor y) {
    List<Axis> axes = Lowering.axes(output);
    Expr product = Expr.multiply(load(x, axes), load(to.state("weight"), axes.get(1)));
    return to.nest(
            name, "y = x * weight[c]" + (bias ? " + bias[c]" : "") + ", " + output + " a sample")
        .over(axes)
        .store(
            set(y, bias ? Expr.add(product, load(to.state("bias"), axes.get(1))) : product, axes))
        .build();
  }

  private Nest gradient(Lowering to, String parameter, String what, Expr term) {
    List<Axis> axes = Lowering.axes(output);
    Axis c = axes.get(1);
    ElementType real = to.real();
    return to.nest(
            parameter + "Gradient",
            "d" + parameter + "[c] = " + what + ", c < " + output.channels())
        .over(c)
        .reduce(axes.stream().filter(axis -> !axis.equals(c)).toList())
        .sum("sum", zero(real), term)
        .store(set(to.gradient(parameter), accumulator("sum", real), c))
        .build();
  }
}
