package dev.tenon.processor.layers.elementwise;

import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layers.elementwise.ElementwiseConfig.Function;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/**
 * A function of the user's on one shape.
 *
 * @param output per-sample shape of input and output
 * @param function what it computes
 * @param derivative the derivative of that
 */
record ElementwiseLayer(Shape output, Function function, Function derivative)
    implements BoundLayer {
  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public boolean isElementwise() {
    return true;
  }

  @Override
  public void lower(Lowering to) {
    to.forward(values(to, "forward", to.input(), to.output()));
    to.predict(values(to, "predict", to.predictInput(), to.predictOutput()));

    List<Axis> axes = Lowering.axes(output);
    Expr slope = derivative.of(load(to.input(), axes));
    to.backward(
        to.nest("backward", "dx = " + derivative.name() + "(x) * dy, " + output + " a sample")
            .over(axes)
            .store(
                set(
                    to.inputGradient(),
                    Expr.multiply(slope, load(to.outputGradient(), axes)),
                    axes))
            .build());
  }

  private Nest values(Lowering to, String name, Tensor x, Tensor y) {
    List<Axis> axes = Lowering.axes(output);
    return to.nest(name, "y = " + function.name() + "(x), " + output + " a sample")
        .over(axes)
        .store(set(y, function.of(load(x, axes)), axes))
        .build();
  }
}
