package dev.tenon.processor.layers.relu;

import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/**
 * A rectifier of one shape.
 *
 * @param output per-sample shape of input and output
 */
public record ReLULayer(Shape output) implements BoundLayer {
  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public void lower(Lowering to) {
    to.forward(rectify(to, "forward", to.input(), to.output()));
    to.predict(rectify(to, "predict", to.predictInput(), to.predictOutput()));

    List<Axis> axes = Lowering.axes(output);
    Expr zero = zero(to.real());
    to.backward(
        to.nest("backward", "dx = y <= 0 ? 0 : dy, " + output + " a sample")
            .over(axes)
            .store(
                set(
                    to.inputGradient(),
                    Expr.select(
                        Comparison.LESS_EQUAL,
                        load(to.output(), axes),
                        zero,
                        zero,
                        load(to.outputGradient(), axes)),
                    axes))
            .build());
  }

  private Nest rectify(Lowering to, String name, Tensor x, Tensor y) {
    List<Axis> axes = Lowering.axes(output);
    return to.nest(name, "y = max(x, 0), " + output + " a sample")
        .over(axes)
        .store(set(y, Expr.max(load(x, axes), zero(to.real())), axes))
        .build();
  }
}
