package dev.tenon.processor.layers.embedding;

import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Init;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/**
 * An embedding for indices of one shape.
 *
 * @param output per-sample shape of the output: that of the indices, then the values of a row
 * @param rows of the table
 * @param padding number of the padding row, or {@link #NONE}
 */
record EmbeddingLayer(Shape output, int rows, int padding) implements BoundLayer {
  /** Stands for the padding row where there is none. */
  static final int NONE = -1;

  private static final String WEIGHT = "weight";

  private int dim() {
    return output.size(output.rank() - 1);
  }

  @Override
  public int indexLimit() {
    return rows;
  }

  @Override
  public List<StateSpec> state() {
    Init init = Init.normal(1);
    return List.of(
        StateSpec.parameter(
            WEIGHT, padding == NONE ? init : init.withZeroRow(padding), rows, dim()));
  }

  @Override
  public void lower(Lowering to) {
    to.forward(lookedUp(to, "forward", to.input(), to.output()));
    to.predict(lookedUp(to, "predict", to.predictInput(), to.predictOutput()));

    ElementType real = to.real();
    Axis row = new Axis("r", rows);
    Axis d = new Axis("d", dim());
    Tensor gradient = to.gradient(WEIGHT);
    to.backward(
        to.nest("clearWeightGradient", "dweight[r, d] = 0, " + rows + "x" + dim())
            .over(row, d)
            .store(Store.set(gradient, zero(real), Affine.of(row), Affine.of(d)))
            .build());
    List<Axis> axes = Lowering.axes(output);
    Expr dy = load(to.outputGradient(), axes);
    Expr added =
        padding == NONE
            ? dy
            : Expr.select(
                Expr.Comparison.EQUAL,
                new Expr.IndexValue(Affine.of(row)),
                Expr.constant(ElementType.INT, padding),
                zero(real),
                dy);
    to.backward(
        to.nest(
                "weightGradient",
                "dweight[index, d] += dy" + (padding == NONE ? "" : ", but for row " + padding))
            .over(axes)
            .lookUp(row, index(to.input(), axes))
            .store(Store.add(gradient, added, Affine.of(row), Affine.of(axes.get(axes.size() - 1))))
            .build());
  }

  private Nest lookedUp(Lowering to, String name, Tensor indices, Tensor y) {
    List<Axis> axes = Lowering.axes(output);
    Axis row = new Axis("r", rows);
    return to.nest(name, "y = weight[index, d], " + output + " a sample")
        .over(axes)
        .lookUp(row, index(indices, axes))
        .store(
            set(
                y,
                Expr.load(to.state(WEIGHT), Affine.of(row), Affine.of(axes.get(axes.size() - 1))),
                axes))
        .build();
  }

  /** The index at a place of the output: all its axes but the last. */
  private static Expr.Load index(Tensor indices, List<Axis> axes) {
    return Expr.load(
        indices, axes.subList(0, axes.size() - 1).stream().map(Affine::of).toArray(Affine[]::new));
  }
}
