package dev.tenon.processor.layers.conv;

import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.append;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;
import static dev.tenon.processor.layers.common.Text.text;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Init;
import dev.tenon.processor.layers.common.Window;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A convolution with its sizes; the formulas are derived in the package's description.
 *
 * @param input per-sample shape, channels first
 * @param out channels of the output
 * @param windows windows along the spatial axes
 * @param groups number of groups; divides the channels of input and output
 * @param bias whether it adds a learnt bias
 */
public record ConvLayer(Shape input, int out, Windows windows, int groups, boolean bias)
    implements BoundLayer {

  @Override
  public Shape output() {
    return windows.output(out);
  }

  @Override
  public List<StateSpec> state() {
    int inGroup = input.channels() / groups;
    Init init = Init.uniform(1 / Math.sqrt(inGroup * windows.kernelSize()));
    List<StateSpec> state = new ArrayList<>();
    state.add(StateSpec.parameter("weight", init, weightDims().toArray(Integer[]::new)));
    if (bias) {
      state.add(StateSpec.parameter("bias", init, out));
    }
    return List.copyOf(state);
  }

  private List<Integer> weightDims() {
    List<Integer> dims = new ArrayList<>(List.of(out, input.channels() / groups));
    dims.addAll(windows.kernel());
    return dims;
  }

  @Override
  public void lower(Lowering to) {
    to.forward(convolve(to, "forward", to.input(), to.output()));
    to.predict(convolve(to, "predict", to.predictInput(), to.predictOutput()));
    inputGradient(to);
    weightGradient(to);
    if (bias) {
      biasGradient(to);
    }
  }

  private Nest convolve(Lowering to, String name, Tensor x, Tensor y) {
    Axes a = axes();
    ElementType real = to.real();
    return to.nest(
            name,
            text(
                "y = %sx * weight: %s -> %s, %s", bias ? "bias + " : "", input, output(), window()))
        .over(a.withGroup(List.of(a.n(), a.k()), a.places()))
        .reduce(append(List.of(a.c()), a.taps()))
        .sum(
            "sum",
            bias ? Expr.load(to.state("bias"), a.outChannel()) : zero(real),
            Expr.multiply(padded(x, a), weight(to, a)))
        .store(Store.set(y, accumulator("sum", real), a.outputPlace()))
        .build();
  }

  private void inputGradient(Lowering to) {
    Axes a = axes();
    ElementType real = to.real();
    List<Axis> all = Lowering.axes(input);
    to.backward(
        to.nest("clearInputGradient", "dx = 0, " + input + " a sample")
            .over(all)
            .store(set(to.inputGradient(), zero(real), all))
            .build());
    to.backward(
        to.nest(
                "inputGradient",
                text(
                    "dx += sum_k dy * weight at each window's place: %s -> %s, %s",
                    output(), input, window()))
            .over(a.withGroup(List.of(a.n(), a.c()), append(a.places(), a.taps())))
            .reduce(a.k())
            .sum("sum", zero(real), Expr.multiply(gradient(to, a), weight(to, a)))
            .store(
                windows.add(
                    to.inputGradient(), accumulator("sum", real), a.n(), a.inChannel(), a.places()))
            .build());
  }

  private void weightGradient(Lowering to) {
    Axes a = axes();
    ElementType real = to.real();
    to.backward(
        to.nest(
                "weightGradient",
                text(
                    "dweight[k, c, %s] = sum_n%s dy * x, %s",
                    names(a.taps(), ", "),
                    names(a.places(), ""),
                    weightDims().stream().map(String::valueOf).collect(Collectors.joining("x"))))
            .over(a.withGroup(List.of(a.k(), a.c()), a.taps()))
            .reduce(append(List.of(a.n()), a.places()))
            .sum("sum", zero(real), Expr.multiply(gradient(to, a), padded(to.input(), a)))
            .store(Store.set(to.gradient("weight"), accumulator("sum", real), a.weightPlace()))
            .build());
  }

  private void biasGradient(Lowering to) {
    Axes a = axes();
    Axis k = new Axis("k", out);
    ElementType real = to.real();
    Affine[] place = a.outputPlace();
    place[1] = Affine.of(k);
    to.backward(
        to.nest("biasGradient", text("dbias[k] = sum_n%s dy, k < %d", names(a.places(), ""), out))
            .over(k)
            .reduce(append(List.of(a.n()), a.places()))
            .sum("sum", zero(real), Expr.load(to.outputGradient(), place))
            .store(set(to.gradient("bias"), accumulator("sum", real), k))
            .build());
  }

  private Expr padded(Tensor x, Axes a) {
    return windows.load(x, Outside.ZERO, a.n(), a.inChannel(), a.places());
  }

  private static Expr weight(Lowering to, Axes a) {
    return Expr.load(to.state("weight"), a.weightPlace());
  }

  private static Expr gradient(Lowering to, Axes a) {
    return Expr.load(to.outputGradient(), a.outputPlace());
  }

  private String window() {
    StringBuilder text = new StringBuilder("kernel " + windows.text(Window::kernel));
    if (windows.any(window -> window.stride() > 1)) {
      text.append(", stride ").append(windows.text(Window::stride));
    }
    if (windows.any(window -> window.padded() > window.size())) {
      text.append(", padding ").append(windows.text(Window::before));
    }
    if (windows.any(window -> window.dilation() > 1)) {
      text.append(", dilation ").append(windows.text(Window::dilation));
    }
    if (groups > 1) {
      text.append(", groups ").append(groups);
    }
    return text.toString();
  }

  private Axes axes() {
    List<Axis> output = Lowering.axes(output());
    return new Axes(
        output.get(0),
        new Axis("g", groups),
        new Axis("k", out / groups),
        new Axis("c", input.channels() / groups),
        output.subList(2, output.size()),
        windows.taps());
  }

  private static String names(List<Axis> axes, String separator) {
    return axes.stream().map(Axis::name).collect(Collectors.joining(separator));
  }

  /** Batch, group, channels inside a group, output position and kernel position. */
  private record Axes(Axis n, Axis g, Axis k, Axis c, List<Axis> places, List<Axis> taps) {
    Affine outChannel() {
      return channel(k);
    }

    Affine inChannel() {
      return channel(c);
    }

    private Affine channel(Axis inGroup) {
      Affine index = Affine.of(inGroup);
      return g.extent() == 1 ? index : index.plus(g, inGroup.extent());
    }

    /** {@code [n, output channel, place...]}. */
    Affine[] outputPlace() {
      return place(Affine.of(n), outChannel(), places);
    }

    /** {@code [output channel, c, tap...]}. */
    Affine[] weightPlace() {
      return place(outChannel(), Affine.of(c), taps);
    }

    private static Affine[] place(Affine first, Affine second, List<Axis> others) {
      return Stream.concat(Stream.of(first, second), others.stream().map(Affine::of))
          .toArray(Affine[]::new);
    }

    /** These axes, with the group, if there are several, behind the batch or else in front. */
    List<Axis> withGroup(List<Axis> first, List<Axis> second) {
      List<Axis> all = new ArrayList<>(append(first, second));
      if (g.extent() > 1) {
        all.add(all.get(0).isBatch() ? 1 : 0, g);
      }
      return List.copyOf(all);
    }
  }
}
