package dev.tenon.processor.layers.maxpool;

import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.append;
import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.Expr.IndexValue;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layers.common.Window;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A max pool with its sizes; its rules are in the package's description.
 *
 * @param input per-sample shape, channels first
 * @param windows windows along the spatial axes
 */
public record MaxPoolLayer(Shape input, Windows windows) implements BoundLayer {

  @Override
  public Shape output() {
    return windows.output(input.channels());
  }

  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public boolean takesMaxima() {
    return true;
  }

  @Override
  public void lower(Lowering to) {
    ElementType real = to.real();
    List<Axis> outer = Lowering.axes(output());
    List<Axis> taps = windows.taps();
    List<Integer> dims = new ArrayList<>(List.of(Axis.BATCH));
    dims.addAll(output().sizes());
    Tensor choice = to.own("choice", ElementType.INT, dims.toArray(Integer[]::new));
    IndexValue here = new IndexValue(windows.tapNumber());
    String sizes = input + " -> " + output();

    Expr best = accumulator("best", real);
    Expr value = windowed(to.input(), outer);
    to.forward(
        to.nest("forward", "y = max of each window, and which element it was: " + sizes)
            .over(outer)
            .reduce(taps)
            .fold("best", lowest(real), ifBetter(value, best, value, best))
            .fold(
                "chosen",
                firstInside(outer),
                ifBetter(value, best, here, accumulator("chosen", ElementType.INT)))
            .store(set(to.output(), best, outer))
            .store(set(choice, accumulator("chosen", ElementType.INT), outer))
            .build());

    to.predict(
        to.nest("predict", "y = max of each window: " + sizes)
            .over(outer)
            .reduce(taps)
            .fold("best", lowest(real), Expr.max(best, windowed(to.predictInput(), outer)))
            .store(set(to.predictOutput(), best, outer))
            .build());

    List<Axis> all = Lowering.axes(input);
    to.backward(
        to.nest("clearInputGradient", "dx = 0, " + input + " a sample")
            .over(all)
            .store(set(to.inputGradient(), zero(real), all))
            .build());
    Expr chosen =
        Expr.select(
            Comparison.EQUAL,
            load(choice, outer),
            here,
            load(to.outputGradient(), outer),
            zero(real));
    to.backward(
        to.nest("backward", "dx += dy at the element that each window chose: " + sizes)
            .over(append(outer, taps))
            .store(
                windows.add(
                    to.inputGradient(),
                    chosen,
                    outer.get(0),
                    Affine.of(outer.get(1)),
                    outer.subList(2, outer.size())))
            .build());
  }

  private static Expr lowest(ElementType real) {
    return Expr.constant(real, Double.NEGATIVE_INFINITY);
  }

  /** {@code then} where the value is NaN or larger than the best, else {@code otherwise}. */
  private static Expr ifBetter(Expr value, Expr best, Expr then, Expr otherwise) {
    return Expr.select(
        Comparison.NOT_EQUAL,
        value,
        value,
        then,
        Expr.select(Comparison.GREATER, value, best, then, otherwise));
  }

  /** Number of the first element of a window that lies inside the input. */
  private Expr firstInside(List<Axis> outer) {
    Expr number = firstInside(windows.axes().get(0), outer.get(2));
    for (int i = 1; i < windows.axes().size(); i++) {
      Window window = windows.axes().get(i);
      number =
          Expr.add(
              Expr.multiply(number, integer(window.kernel())),
              firstInside(window, outer.get(2 + i)));
    }
    return number;
  }

  /** {@code ceil(max(0, -start) / dilation)}. */
  private static Expr firstInside(Window window, Axis outer) {
    if (window.before() == 0) {
      return integer(0);
    }
    Expr outside = Expr.max(integer(0), new IndexValue(window.start(outer).times(-1)));
    return window.dilation() == 1
        ? outside
        : Expr.divide(
            Expr.add(outside, integer(window.dilation() - 1)), integer(window.dilation()));
  }

  private static Expr integer(int value) {
    return Expr.constant(ElementType.INT, value);
  }

  private Expr windowed(Tensor x, List<Axis> outer) {
    return windows.load(
        x,
        Outside.NEGATIVE_INFINITY,
        outer.get(0),
        Affine.of(outer.get(1)),
        outer.subList(2, outer.size()));
  }
}
