package dev.tenon.processor.layers.add;

import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Chains;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/**
 * A sum of values of one shape.
 *
 * @param output per-sample shape of all inputs and of the output
 */
public record AddLayer(Shape output) implements BoundLayer {
  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public void lower(Lowering to) {
    add(to, "forward", to.inputs(), to.output()).forEach(to::forward);
    add(to, "predict", to.predictInputs(), to.predictOutput()).forEach(to::predict);

    List<Axis> axes = Lowering.axes(output);
    int number = 1;
    for (Tensor gradient : to.inputGradients()) {
      String which = to.inputGradients().size() == 2 ? (number == 1 ? "a" : "b") : "x" + number;
      to.backward(
          to.nest("backward" + number, "d" + which + " = dy, " + output + " a sample")
              .over(axes)
              .store(set(gradient, load(to.outputGradient(), axes), axes))
              .build());
      number++;
    }
  }

  private List<Nest> add(Lowering to, String name, List<Tensor> inputs, Tensor y) {
    String text =
        inputs.size() == 2 ? "y = a + b, " : "y = the sum of " + inputs.size() + " inputs, ";
    return Chains.of(
        to.layer(), name, text + output + " a sample", Lowering.axes(output), inputs, Expr::add, y);
  }
}
