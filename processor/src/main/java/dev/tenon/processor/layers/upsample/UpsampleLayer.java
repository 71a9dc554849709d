package dev.tenon.processor.layers.upsample;

import static dev.tenon.processor.layers.common.Resampling.WEIGHT;

import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layers.common.Resampling;
import dev.tenon.processor.layers.common.Resampling.AlongAxis;
import dev.tenon.processor.layers.common.Resampling.Repeats;
import dev.tenon.processor.layers.common.Resampling.Weighted;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An upsampling of one shape; the formulas are in the package's description.
 *
 * @param input per-sample shape, channels first
 * @param out height and width of the output
 * @param ratio distance between neighbouring outputs in the input, along height and width
 * @param bilinear whether it interpolates
 * @param alignCorners whether the corners of output and input are the same points
 */
record UpsampleLayer(
    Shape input, List<Integer> out, List<Double> ratio, boolean bilinear, boolean alignCorners)
    implements BoundLayer {
  UpsampleLayer {
    out = List.copyOf(out);
    ratio = List.copyOf(ratio);
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
    return new Resampling(input, IntStream.range(0, 2).mapToObj(this::along).toList());
  }

  private AlongAxis along(int axis) {
    int from = input.size(axis + 1);
    int into = out.get(axis);
    double step = ratio.get(axis);
    boolean multiple = into % from == 0 && step == from / (double) into;
    if (!bilinear) {
      return multiple
          ? new Repeats(from, into)
          : new Weighted(from, into, false, (i, p) -> nearest(from, step, i, p));
    }
    if (alignCorners) {
      double distance = into == 1 ? 0 : (from - 1.0) / (into - 1);
      return new Weighted(
          from, into, false, (i, p) -> hat(Expr.multiply(real(i), constant(distance)), p));
    }
    return new Weighted(from, into, multiple, (i, p) -> hat(centre(from, step, i), p));
  }

  private static Expr nearest(int from, double step, Expr i, Expr p) {
    // The product of a quotient may miss a whole number by its rounding, which is far less than
    // the distance of the next number that is not whole.
    Expr place = Expr.add(Expr.multiply(real(i), constant(step)), constant(1e-9));
    Expr source =
        Expr.min(Expr.cast(ElementType.INT, place), Expr.constant(ElementType.INT, from - 1));
    return Expr.select(Comparison.EQUAL, p, source, constant(1), constant(0));
  }

  /** {@code min(max((i + 1/2) step - 1/2, 0), from - 1)}. */
  private static Expr centre(int from, double step, Expr i) {
    Expr place =
        Expr.subtract(
            Expr.multiply(Expr.add(real(i), constant(0.5)), constant(step)), constant(0.5));
    return Expr.min(Expr.max(place, constant(0)), constant(from - 1));
  }

  /** {@code max(0, 1 - |source - p|)}. */
  private static Expr hat(Expr source, Expr p) {
    Expr ahead = Expr.subtract(source, real(p));
    Expr size = Expr.max(ahead, Expr.subtract(real(p), source));
    return Expr.max(Expr.subtract(constant(1), size), constant(0));
  }

  private static Expr real(Expr number) {
    return Expr.cast(WEIGHT, number);
  }

  private static Expr constant(double value) {
    return Expr.constant(WEIGHT, value);
  }
}
