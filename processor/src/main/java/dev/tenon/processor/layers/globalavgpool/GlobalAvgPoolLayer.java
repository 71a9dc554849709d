package dev.tenon.processor.layers.globalavgpool;

import static dev.tenon.processor.ir.ElementType.DOUBLE;
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

/**
 * A global average pool of one shape.
 *
 * @param input per-sample shape, channels first, with at least one more axis
 */
public record GlobalAvgPoolLayer(Shape input) implements BoundLayer {
  @Override
  public Shape output() {
    return Shape.of(input.channels());
  }

  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public void lower(Lowering to) {
    to.forward(average(to, "forward", to.input(), to.output()));
    to.predict(average(to, "predict", to.predictInput(), to.predictOutput()));

    List<Axis> axes = Lowering.axes(input);
    Expr count = Expr.constant(to.real(), (double) input.spatialCount());
    to.backward(
        to.nest("backward", "dx = dy[c] / " + input.spatialCount() + ", " + input + " a sample")
            .over(axes)
            .store(
                set(
                    to.inputGradient(),
                    Expr.divide(load(to.outputGradient(), axes.subList(0, 2)), count),
                    axes))
            .build());
  }

  private Nest average(Lowering to, String name, Tensor x, Tensor y) {
    List<Axis> axes = Lowering.axes(input);
    Expr mean =
        Expr.divide(
            accumulator("sum", DOUBLE), Expr.constant(DOUBLE, (double) input.spatialCount()));
    return to.nest(name, "y[c] = mean of channel c: " + input + " -> " + output())
        .over(axes.subList(0, 2))
        .reduce(axes.subList(2, axes.size()))
        .sum("sum", zero(DOUBLE), Expr.cast(DOUBLE, load(x, axes)))
        .store(set(y, Expr.cast(to.real(), mean), axes.subList(0, 2)))
        .build();
  }
}
