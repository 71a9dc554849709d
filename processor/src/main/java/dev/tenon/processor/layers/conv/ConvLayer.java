package dev.tenon.processor.layers.conv;

import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Init;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution with its sizes; the formulas are derived in the package's description.
 *
 * @param input per-sample shape, channels first
 * @param out channels of the output
 * @param windows windows along the spatial axes
 * @param mode what their padding is
 * @param groups number of groups; divides the channels of input and output
 * @param bias whether it adds a learnt bias
 */
record ConvLayer(Shape input, int out, Windows windows, PaddingMode mode, int groups, boolean bias)
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
    state.add(
        StateSpec.parameter("weight", init, zeroPadded().weightDims().toArray(Integer[]::new)));
    if (bias) {
      state.add(StateSpec.parameter("bias", init, out));
    }
    return List.copyOf(state);
  }

  @Override
  public boolean isWeighted() {
    return true;
  }

  @Override
  public void lower(Lowering to) {
    Border border = new Border(input, windows, mode);
    boolean ownBorder = mode != PaddingMode.ZEROS;
    Correlation correlation =
        ownBorder ? new Correlation(border.padded(), out, border.inside(), groups) : zeroPadded();
    String formula = bias ? "y = bias + x * weight" : "y = x * weight";
    Tensor x = ownBorder ? border.pad(to, "", to.input(), to::forward) : to.input();
    to.forward(correlation.gather(to, "forward", formula, x, to.output(), bias));
    Tensor predictX =
        ownBorder ? border.pad(to, "predict", to.predictInput(), to::predict) : to.predictInput();
    to.predict(correlation.gather(to, "predict", formula, predictX, to.predictOutput(), bias));

    correlation
        .scatter(
            to,
            List.of("clearInputGradient", "dx = 0"),
            "inputGradient",
            "dx += sum_k dy * weight at each window's place",
            to.outputGradient(),
            ownBorder ? border.paddedGradient(to) : to.inputGradient())
        .forEach(to::backward);
    if (ownBorder) {
      border.backward(to);
    }
    to.backward(correlation.weightGradient(to, "dy * x", x, to.outputGradient()));
    if (bias) {
      to.backward(BiasGradient.of(to, output()));
    }
  }

  private Correlation zeroPadded() {
    return new Correlation(input, out, windows, groups);
  }
}
