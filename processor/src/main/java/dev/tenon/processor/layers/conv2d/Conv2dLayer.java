package dev.tenon.processor.layers.conv2d;

import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.load;
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
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution with its sizes; the formulas are derived in the package's description.
 *
 * @param input per-sample shape {@code [channels, height, width]}
 * @param out channels of the output
 * @param vertical windows along the height
 * @param horizontal windows along the width
 * @param groups number of groups; divides the channels of input and output
 * @param bias whether it adds a learnt bias
 */
public record Conv2dLayer(
    Shape input, int out, Window vertical, Window horizontal, int groups, boolean bias)
    implements BoundLayer {

  @Override
  public Shape output() {
    return Shape.of(out, Math.toIntExact(vertical.output()), Math.toIntExact(horizontal.output()));
  }

  @Override
  public List<StateSpec> state() {
    int inGroup = input.channels() / groups;
    double fan = (double) inGroup * vertical.kernel() * horizontal.kernel();
    Init init = Init.uniform(1 / Math.sqrt(fan));
    List<StateSpec> state = new ArrayList<>();
    state.add(
        StateSpec.parameter("weight", init, out, inGroup, vertical.kernel(), horizontal.kernel()));
    if (bias) {
      state.add(StateSpec.parameter("bias", init, out));
    }
    return List.copyOf(state);
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
        .over(a.withGroup(a.n(), a.k(), a.y(), a.x()))
        .reduce(a.c(), a.r(), a.s())
        .sum(
            "sum",
            bias ? Expr.load(to.state("bias"), a.outChannel()) : zero(real),
            Expr.multiply(padded(x, a), weight(to, a)))
        .store(
            Store.set(
                y,
                accumulator("sum", real),
                Affine.of(a.n()),
                a.outChannel(),
                Affine.of(a.y()),
                Affine.of(a.x())))
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
            .over(a.withGroup(a.n(), a.c(), a.y(), a.x(), a.r(), a.s()))
            .reduce(a.k())
            .sum("sum", zero(real), Expr.multiply(gradient(to, a), weight(to, a)))
            .store(
                Store.add(
                    to.inputGradient(),
                    accumulator("sum", real),
                    Affine.of(a.n()),
                    a.inChannel(),
                    vertical.position(a.y(), a.r()),
                    horizontal.position(a.x(), a.s())))
            .build());
  }

  private void weightGradient(Lowering to) {
    Axes a = axes();
    ElementType real = to.real();
    to.backward(
        to.nest(
                "weightGradient",
                text(
                    "dweight[k, c, r, s] = sum_nyx dy * x, %dx%dx%dx%d",
                    out, input.channels() / groups, vertical.kernel(), horizontal.kernel()))
            .over(a.withGroup(a.k(), a.c(), a.r(), a.s()))
            .reduce(a.n(), a.y(), a.x())
            .sum("sum", zero(real), Expr.multiply(gradient(to, a), padded(to.input(), a)))
            .store(
                Store.set(
                    to.gradient("weight"),
                    accumulator("sum", real),
                    a.outChannel(),
                    Affine.of(a.c()),
                    Affine.of(a.r()),
                    Affine.of(a.s())))
            .build());
  }

  private void biasGradient(Lowering to) {
    Axes a = axes();
    Axis k = new Axis("k", out);
    ElementType real = to.real();
    to.backward(
        to.nest("biasGradient", "dbias[k] = sum_nyx dy, k < " + out)
            .over(k)
            .reduce(a.n(), a.y(), a.x())
            .sum("sum", zero(real), load(to.outputGradient(), a.n(), k, a.y(), a.x()))
            .store(set(to.gradient("bias"), accumulator("sum", real), k))
            .build());
  }

  private Expr padded(Tensor x, Axes a) {
    boolean inside = vertical.inside() && horizontal.inside();
    return Expr.padded(
        x,
        inside ? Outside.NEVER : Outside.ZERO,
        Affine.of(a.n()),
        a.inChannel(),
        vertical.position(a.y(), a.r()),
        horizontal.position(a.x(), a.s()));
  }

  private static Expr weight(Lowering to, Axes a) {
    return Expr.load(
        to.state("weight"), a.outChannel(), Affine.of(a.c()), Affine.of(a.r()), Affine.of(a.s()));
  }

  private static Expr gradient(Lowering to, Axes a) {
    return Expr.load(
        to.outputGradient(), Affine.of(a.n()), a.outChannel(), Affine.of(a.y()), Affine.of(a.x()));
  }

  private String window() {
    StringBuilder text = new StringBuilder();
    text.append("kernel ").append(vertical.kernel()).append('x').append(horizontal.kernel());
    if (vertical.stride() > 1 || horizontal.stride() > 1) {
      text.append(", stride ").append(vertical.stride()).append('x').append(horizontal.stride());
    }
    if (vertical.padded() > vertical.size() || horizontal.padded() > horizontal.size()) {
      text.append(", padding ").append(vertical.before()).append('x').append(horizontal.before());
    }
    if (vertical.dilation() > 1 || horizontal.dilation() > 1) {
      text.append(", dilation ")
          .append(vertical.dilation())
          .append('x')
          .append(horizontal.dilation());
    }
    if (groups > 1) {
      text.append(", groups ").append(groups);
    }
    return text.toString();
  }

  private Axes axes() {
    return new Axes(
        Axis.batch(),
        new Axis("g", groups),
        new Axis("k", out / groups),
        new Axis("c", input.channels() / groups),
        new Axis("y", output().size(1)),
        new Axis("x", output().size(2)),
        new Axis("r", vertical.kernel()),
        new Axis("s", horizontal.kernel()));
  }

  /** Batch, group, channels inside a group, output position and kernel position. */
  private record Axes(Axis n, Axis g, Axis k, Axis c, Axis y, Axis x, Axis r, Axis s) {
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

    /** These axes, with the group, if there are several, behind the batch or else in front. */
    List<Axis> withGroup(Axis... axes) {
      List<Axis> all = new ArrayList<>(List.of(axes));
      if (g.extent() > 1) {
        all.add(all.get(0).isBatch() ? 1 : 0, g);
      }
      return List.copyOf(all);
    }
  }
}
