package dev.tenon.processor.layers.multiply;

import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/**
 * A product of values of one shape, element by element.
 *
 * @param output per-sample shape of all inputs and of the output
 */
public record MultiplyLayer(Shape output) implements BoundLayer {
  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public void lower(Lowering to) {
    to.forward(multiply(to, "forward", to.inputs(), to.output()));
    to.predict(multiply(to, "predict", to.predictInputs(), to.predictOutput()));

    List<Axis> axes = Lowering.axes(output);
    int inputs = to.inputs().size();
    for (int i = 0; i < inputs; i++) {
      Expr gradient = load(to.outputGradient(), axes);
      for (int other = 0; other < inputs; other++) {
        if (other != i) {
          gradient = Expr.multiply(gradient, load(to.inputs().get(other), axes));
        }
      }
      String text =
          inputs == 2
              ? (i == 0 ? "da = dy * b, " : "db = dy * a, ")
              : "dx" + (i + 1) + " = dy * the other inputs, ";
      to.backward(
          to.nest("backward" + (i + 1), text + output + " a sample")
              .over(axes)
              .store(set(to.inputGradients().get(i), gradient, axes))
              .build());
    }
  }

  private Nest multiply(Lowering to, String name, List<Tensor> inputs, Tensor y) {
    List<Axis> axes = Lowering.axes(output);
    Expr product = load(inputs.get(0), axes);
    for (Tensor input : inputs.subList(1, inputs.size())) {
      product = Expr.multiply(product, load(input, axes));
    }
    String text =
        inputs.size() == 2 ? "y = a * b, " : "y = the product of " + inputs.size() + " inputs, ";
    return to.nest(name, text + output + " a sample")
        .over(axes)
        .store(set(y, product, axes))
        .build();
  }
}
