package dev.tenon.processor.layers.multiply;

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
import java.util.ArrayList;
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
    multiply(to, "forward", to.inputs(), to.output()).forEach(to::forward);
    multiply(to, "predict", to.predictInputs(), to.predictOutput()).forEach(to::predict);

    if (to.inputs().size() <= Chains.MOST) {
      backward(to);
    } else {
      backwardAlong(to);
    }
  }

  /** Each derivative by itself: {@code dy} times all other inputs. */
  private void backward(Lowering to) {
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

  /**
   * The same of many inputs, which would take operations as the square of their number: the
   * derivative by each is {@code dy} times the inputs behind it, which grows from the last to the
   * first, times the product of those before it.
   */
  private void backwardAlong(Lowering to) {
    List<Tensor> x = to.inputs();
    List<Tensor> before = new ArrayList<>(List.of(x.get(0)));
    for (int i = 1; i < x.size() - 1; i++) {
      before.add(own(to, "before" + (i + 2)));
      to.backward(
          product(to, "backwardBefore" + (i + 2), before.get(i - 1), x.get(i), before.get(i)));
    }
    Tensor behind = to.outputGradient();
    for (int i = x.size() - 1; i > 0; i--) {
      to.backward(
          product(to, "backward" + (i + 1), behind, before.get(i - 1), to.inputGradients().get(i)));
      Tensor next = i == 1 ? to.inputGradients().get(0) : own(to, "behind" + i);
      to.backward(product(to, i == 1 ? "backward1" : "backwardBehind" + i, behind, x.get(i), next));
      behind = next;
    }
  }

  private Tensor own(Lowering to, String name) {
    return to.own(
        name, to.real(), Lowering.axes(output).stream().map(Axis::extent).toArray(Integer[]::new));
  }

  private Nest product(Lowering to, String name, Tensor a, Tensor b, Tensor y) {
    List<Axis> axes = Lowering.axes(output);
    return to.nest(name, "a part of dx, " + output + " a sample")
        .over(axes)
        .store(set(y, Expr.multiply(load(a, axes), load(b, axes)), axes))
        .build();
  }

  private List<Nest> multiply(Lowering to, String name, List<Tensor> inputs, Tensor y) {
    String text =
        inputs.size() == 2 ? "y = a * b, " : "y = the product of " + inputs.size() + " inputs, ";
    return Chains.of(
        to.layer(),
        name,
        text + output + " a sample",
        Lowering.axes(output),
        inputs,
        Expr::multiply,
        y);
  }
}
