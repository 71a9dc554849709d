package dev.tenon.processor.layers.avgpool;

import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.append;
import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.IndexValue;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layers.common.Window;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An average pool with its sizes; its rules are in the package's description.
 *
 * @param input per-sample shape, channels first
 * @param windows windows along the spatial axes
 * @param countIncludePad whether padding counts in the divisor
 * @param divisorOverride a divisor for every window, 0 for none
 */
public record AvgPoolLayer(
    Shape input, Windows windows, boolean countIncludePad, int divisorOverride)
    implements BoundLayer {

  @Override
  public Shape output() {
    return windows.output(input.channels());
  }

  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public void lower(Lowering to) {
    to.forward(average(to, "forward", to.input(), to.output()));
    to.predict(average(to, "predict", to.predictInput(), to.predictOutput()));

    List<Axis> all = Lowering.axes(input);
    List<Axis> outer = Lowering.axes(output());
    to.backward(
        to.nest("clearInputGradient", "dx = 0, " + input + " a sample")
            .over(all)
            .store(set(to.inputGradient(), zero(to.real()), all))
            .build());
    to.backward(
        to.nest(
                "backward",
                "dx += dy / divisor at every element of a window: " + output() + " -> " + input)
            .over(append(outer, windows.taps()))
            .store(
                windows.add(
                    to.inputGradient(),
                    Expr.divide(load(to.outputGradient(), outer), divisor(to.real(), outer)),
                    outer.get(0),
                    Affine.of(outer.get(1)),
                    outer.subList(2, outer.size())))
            .build());
  }

  private Nest average(Lowering to, String name, Tensor x, Tensor y) {
    List<Axis> outer = Lowering.axes(output());
    return to.nest(name, "y = mean of each window: " + input + " -> " + output())
        .over(outer)
        .reduce(windows.taps())
        .sum(
            "sum",
            zero(to.real()),
            windows.load(
                x,
                Outside.ZERO,
                outer.get(0),
                Affine.of(outer.get(1)),
                outer.subList(2, outer.size())))
        .store(set(y, Expr.divide(accumulator("sum", to.real()), divisor(to.real(), outer)), outer))
        .build();
  }

  private Expr divisor(ElementType real, List<Axis> outer) {
    if (divisorOverride != 0) {
      return Expr.constant(real, divisorOverride);
    }
    if (windows.axes().stream().allMatch(this::isConstant)) {
      return Expr.constant(real, windows.kernelSize());
    }
    return Expr.cast(
        real,
        IntStream.range(0, windows.axes().size())
            .mapToObj(i -> counted(windows.axes().get(i), outer.get(2 + i)))
            .reduce(Expr::multiply)
            .orElseThrow());
  }

  /** Whether all windows of an axis count equally many elements. */
  private boolean isConstant(Window window) {
    return countIncludePad ? !window.overshoots() : window.inside();
  }

  /** Elements of a window, along one axis, that count in the divisor. */
  private Expr counted(Window window, Axis outer) {
    if (isConstant(window)) {
      return integer(window.kernel());
    }
    Affine start = window.start(outer);
    Expr end = new IndexValue(start.plus(window.kernel()));
    if (countIncludePad) {
      int paddedEnd = Math.toIntExact(window.size() + window.after());
      return Expr.subtract(Expr.min(end, integer(paddedEnd)), new IndexValue(start));
    }
    return Expr.subtract(
        Expr.min(end, integer(window.size())), Expr.max(new IndexValue(start), integer(0)));
  }

  private static Expr integer(int value) {
    return Expr.constant(ElementType.INT, value);
  }
}
