package dev.tenon.processor.layers.adaptiveavgpool;

import static dev.tenon.processor.layers.common.Resampling.WEIGHT;

import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layers.common.Resampling;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * An adaptive average pool of one shape.
 *
 * @param input per-sample shape, channels first
 * @param out sizes of the output, one for each spatial axis
 */
record AdaptiveAvgPoolLayer(Shape input, List<Integer> out) implements BoundLayer {
  AdaptiveAvgPoolLayer {
    out = List.copyOf(out);
  }

  @Override
  public Shape output() {
    return resampling().output();
  }

  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public void lower(Lowering to) {
    resampling().lower(to);
  }

  private Resampling resampling() {
    List<Resampling.AlongAxis> maps = new ArrayList<>();
    for (int axis = 0; axis < out.size(); axis++) {
      int from = input.size(axis + 1);
      int into = out.get(axis);
      maps.add(
          from % into == 0
              ? new Resampling.Means(from, into)
              : new Resampling.Weighted(from, into, false, (i, p) -> weight(from, into, i, p)));
    }
    return new Resampling(input, maps);
  }

  /** {@code start <= p < end ? 1 / (end - start) : 0}. */
  private static Expr weight(int from, int into, Expr i, Expr p) {
    Expr start = Expr.divide(Expr.multiply(i, integer(from)), integer(into));
    Expr end =
        Expr.divide(
            Expr.add(Expr.multiply(i, integer(from)), integer(from + into - 1)), integer(into));
    Expr none = Expr.constant(WEIGHT, 0);
    Expr share =
        Expr.divide(Expr.constant(WEIGHT, 1), Expr.cast(WEIGHT, Expr.subtract(end, start)));
    return Expr.select(
        Comparison.LESS, p, start, none, Expr.select(Comparison.LESS, p, end, share, none));
  }

  private static Expr integer(int value) {
    return Expr.constant(ElementType.INT, value);
  }
}
