package dev.tenon.processor.layers.conv;

import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Init;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A transposed convolution with its sizes: the gradient of a convolution by its input, whose image
 * is the output here, and whose places are the elements of the input.
 *
 * @param input per-sample shape, channels first
 * @param out channels of the output
 * @param windows windows of the output along the spatial axes, one for each element of the input
 * @param groups number of groups; divides the channels of input and output
 * @param bias whether it adds a learnt bias
 */
record ConvTransposeLayer(Shape input, int out, Windows windows, int groups, boolean bias)
    implements BoundLayer {

  @Override
  public Shape output() {
    int[] sizes = input.toArray();
    sizes[0] = out;
    for (int axis = 1; axis < sizes.length; axis++) {
      sizes[axis] = windows.axes().get(axis - 1).size();
    }
    return Shape.of(sizes);
  }

  @Override
  public List<StateSpec> state() {
    // PyTorch's fan, which is that of axis 1 of the weight: the output's channels.
    int outGroup = out / groups;
    Init init = Init.uniform(1 / Math.sqrt(outGroup * windows.kernelSize()));
    List<StateSpec> state = new ArrayList<>();
    state.add(
        StateSpec.parameter("weight", init, correlation().weightDims().toArray(Integer[]::new)));
    if (bias) {
      state.add(StateSpec.parameter("bias", init, out));
    }
    return List.copyOf(state);
  }

  @Override
  public boolean isWeighted() {
    return true;
  }

  private Correlation correlation() {
    return new Correlation(output(), input.channels(), windows, groups);
  }

  @Override
  public void lower(Lowering to) {
    forward(to, "", to.input(), to.output(), to::forward);
    forward(to, "predict", to.predictInput(), to.predictOutput(), to::predict);
    Correlation correlation = correlation();
    to.backward(
        correlation.gather(
            to,
            "inputGradient",
            "dx = dy * weight",
            to.outputGradient(),
            to.inputGradient(),
            false));
    to.backward(correlation.weightGradient(to, "x * dy", to.outputGradient(), to.input()));
    if (bias) {
      to.backward(BiasGradient.of(to, output()));
    }
  }

  private void forward(Lowering to, String prefix, Tensor x, Tensor y, Consumer<Nest> program) {
    List<Axis> axes = Lowering.axes(output());
    Tensor sums =
        bias
            ? to.own(
                prefix.isEmpty() ? "sums" : prefix + "Sums",
                to.real(),
                axes.stream().map(Axis::extent).toArray(Integer[]::new))
            : y;
    String scatter = bias ? "scatter" : "forward";
    correlation()
        .scatter(
            to,
            List.of(prefix.isEmpty() ? "clear" : prefix + "Clear", "y = 0"),
            prefix.isEmpty() ? scatter : bias ? prefix + "Scatter" : prefix,
            "y += sum_k x * weight at each window's place",
            x,
            sums)
        .forEach(program);
    if (bias) {
      program.accept(
          to.nest(
                  prefix.isEmpty() ? "forward" : prefix,
                  "y = y + bias[c], " + output() + " a sample")
              .over(axes)
              .store(set(y, Expr.add(load(sums, axes), load(to.state("bias"), axes.get(1))), axes))
              .build());
    }
  }
}
