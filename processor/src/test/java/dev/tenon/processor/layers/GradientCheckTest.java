package dev.tenon.processor.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.reference.Networks;
import dev.tenon.processor.reference.ReferenceModel;
import dev.tenon.runtime.random.Randoms;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Finite differences of every input and parameter through the interpreter: central, step 1e-6, on
 * the loss {@code mean(exp(y))}, whose gradient differs from element to element. Accepted is {@code
 * |analytic - numeric| <= 1e-5 + 1e-3 |numeric|}: the difference quotient itself is good to about
 * 1e-9 here, so what remains is a margin, not an allowance.
 */
final class GradientCheckTest {
  private static final double STEP = 1e-6;
  private static final int BATCH = 3;

  static Stream<Arguments> networks() {
    return Stream.of(
        net("linear", List.of(5), "@Linear(out = 4) Weighted fc();"),
        net("linear without bias", List.of(5), "@Linear(out = 4, bias = false) Weighted fc();"),
        net("linear on rank 3", List.of(2, 3, 4), "@Linear(in = 4, out = 3) Weighted fc();"),
        net("relu", List.of(2, 3, 3), "@ReLU Layer relu();"),
        net("leaky relu", List.of(2, 3, 3), "@LeakyReLU(slope = 0.3) Layer act();"),
        net(
            "leaky relu with a negative slope",
            List.of(2, 3, 3),
            "@LeakyReLU(slope = -0.3) Layer act();"),
        net("relu6", List.of(2, 3, 3), "@ReLU6 Layer act();"),
        net("hardtanh", List.of(2, 3, 3), "@Hardtanh(min = -0.5, max = 1.2) Layer act();"),
        net("hardsigmoid", List.of(2, 3, 3), "@Hardsigmoid Layer act();"),
        net("hardswish", List.of(2, 3, 3), "@Hardswish Layer act();"),
        net("sigmoid", List.of(2, 3, 3), "@Sigmoid Layer act();"),
        net("tanh", List.of(2, 3, 3), "@Tanh Layer act();"),
        net("silu", List.of(2, 3, 3), "@SiLU Layer act();"),
        net("gelu", List.of(2, 3, 3), "@GELU Layer act();"),
        net("gelu of tanh", List.of(2, 3, 3), "@GELU(approximate = true) Layer act();"),
        net(
            "activations behind a batch norm",
            List.of(5),
            "@BatchNorm1d BatchNorm bn();",
            "@GELU Layer act1();",
            "@Tanh Layer act2();",
            "@SiLU Layer act3();"),
        net("softmax", List.of(5), "@Softmax(axis = 1) Layer soft();"),
        net("softmax of channels", List.of(4, 2, 3), "@Softmax(axis = 1) Layer soft();"),
        net("softmax of the last axis", List.of(2, 3, 4), "@Softmax(axis = -1) Layer soft();"),
        net("softmax between", List.of(2, 5, 3), "@Softmax(axis = 2) Layer soft();"),
        net("log softmax", List.of(5), "@LogSoftmax(axis = 1) Layer soft();"),
        net("log softmax of channels", List.of(4, 2, 3), "@LogSoftmax(axis = 1) Layer soft();"),
        net(
            "log softmax of the last axis",
            List.of(2, 3, 4),
            "@LogSoftmax(axis = 3) Layer soft();"),
        net("dropout of channels", List.of(5, 2, 3), "@Dropout2d(p = 0.3) Layer drop();"),
        net("adaptive avg pool", List.of(2, 6, 4), "@AdaptiveAvgPool2d(out = 2) Layer l();"),
        net(
            "adaptive avg pool uneven",
            List.of(2, 7, 5),
            "@AdaptiveAvgPool2d(out = {3, 2}) Layer l();"),
        net("adaptive avg pool 1d", List.of(3, 7), "@AdaptiveAvgPool1d(out = 3) Layer l();"),
        net(
            "adaptive avg pool 3d",
            List.of(2, 3, 4, 2),
            "@AdaptiveAvgPool3d(out = {2, 2, 1}) Layer l();"),
        net("upsample", List.of(3, 2, 3), "@Upsample(scale = 2) Layer l();"),
        net("upsample by one and a half", List.of(2, 4, 3), "@Upsample(scale = 1.5) Layer l();"),
        net("upsample to a size", List.of(2, 3, 5), "@Upsample(size = {5, 3}) Layer l();"),
        net(
            "upsample bilinear",
            List.of(3, 2, 3),
            "@Upsample(scale = {2, 3}, mode = Upsample.Mode.BILINEAR) Layer l();"),
        net(
            "upsample bilinear by two and a half",
            List.of(2, 3, 4),
            "@Upsample(scale = 2.5, mode = Upsample.Mode.BILINEAR) Layer l();"),
        net(
            "upsample aligned",
            List.of(2, 3, 4),
            "@Upsample(scale = 2, mode = Upsample.Mode.BILINEAR, alignCorners = true) Layer l();"),
        net(
            "conv reflected",
            List.of(2, 4, 5),
            "@Conv2d(out = 3, kernel = 3, padding = {2, 1}, paddingMode = PaddingMode.REFLECT) Weighted l();"),
        net(
            "conv replicated",
            List.of(2, 3, 4),
            "@Conv2d(out = 2, kernel = 3, padding = 3, stride = 2, paddingMode = PaddingMode.REPLICATE) Weighted l();"),
        net(
            "conv circular",
            List.of(2, 4, 3),
            "@Conv2d(out = 3, kernel = {3, 2}, padding = {0, 3}, groups = 1, paddingMode = PaddingMode.CIRCULAR) Weighted l();"),
        net(
            "conv same reflected",
            List.of(2, 4, 5),
            "@Conv2d(out = 2, kernel = {2, 3}, padding = Conv2d.SAME, paddingMode = PaddingMode.REFLECT) Weighted l();"),
        net(
            "conv 1d circular",
            List.of(3, 5),
            "@Conv1d(out = 2, kernel = 3, padding = 2, paddingMode = PaddingMode.CIRCULAR) Weighted l();"),
        net(
            "conv 3d replicated",
            List.of(2, 2, 3, 2),
            "@Conv3d(out = 2, kernel = 2, padding = 1, paddingMode = PaddingMode.REPLICATE) Weighted l();"),
        net(
            "conv transposed",
            List.of(2, 3, 4),
            "@ConvTranspose2d(out = 3, kernel = 3) Weighted l();"),
        net(
            "conv transposed strided",
            List.of(3, 3, 2),
            "@ConvTranspose2d(out = 2, kernel = 3, stride = 2, padding = 1, outputPadding = 1) Weighted l();"),
        net(
            "conv transposed all options",
            List.of(4, 3, 2),
            "@ConvTranspose2d(out = 6, kernel = {3, 2}, stride = {1, 3}, padding = {2, 0}, outputPadding = {1, 2}, dilation = {2, 1}, groups = 2, bias = false) Weighted l();"),
        net("scale", List.of(3, 2, 4), "@Scale Weighted l();"),
        net("scale of features", List.of(5), "@Scale(initial = 0.5, bias = false) Weighted l();"),
        net(
            "sine of the user's",
            List.of(2, 3),
            "@Elementwise(type = StrictMath.class, function = \"sin\", derivative = \"cos\") Layer l();"),
        net("flatten", List.of(2, 3, 2), "@Flatten Layer flat();"),
        net("flatten the end", List.of(2, 3, 2), "@Flatten(start = 2) Layer flat();"),
        net("reshape a vector", List.of(24), "@Reshape({2, 3, 4}) Layer l();"),
        net("reshape to a vector", List.of(2, 3, 4), "@Reshape(-1) Layer l();"),
        net("reshape along cuts of both", List.of(1, 6, 4), "@Reshape({2, 1, -1}) Layer l();"),
        net("reshape across cuts", List.of(2, 3, 2), "@Reshape({3, 4}) Layer l();"),
        net("conv", List.of(2, 5, 4), "@Conv2d(out = 3, kernel = 3) Weighted conv();"),
        net(
            "conv with all options",
            List.of(4, 6, 7),
            "@Conv2d(out = 6, kernel = {3, 2}, stride = {2, 1}, padding = {2, 1}, dilation = {1,"
                + " 2}, groups = 2) Weighted conv();"),
        net(
            "conv same",
            List.of(2, 4, 5),
            "@Conv2d(out = 2, kernel = {2, 3}, padding = Conv2d.SAME, bias = false) Weighted"
                + " conv();"),
        net(
            "conv depthwise",
            List.of(3, 4, 4),
            "@Conv2d(out = 6, kernel = 3, padding = 1, groups = 3) Weighted conv();"),
        net("conv 1d", List.of(2, 6), "@Conv1d(out = 3, kernel = 3) Weighted conv();"),
        net(
            "conv 1d with all options",
            List.of(4, 9),
            "@Conv1d(out = 6, kernel = 3, stride = 2, padding = 2, dilation = 2, groups = 2) Weighted"
                + " conv();"),
        net(
            "conv 1d same",
            List.of(2, 5),
            "@Conv1d(out = 2, kernel = 4, padding = Conv1d.SAME, bias = false) Weighted conv();"),
        net("conv 3d", List.of(2, 3, 4, 3), "@Conv3d(out = 2, kernel = 2) Weighted conv();"),
        net(
            "conv 3d with all options",
            List.of(4, 3, 5, 4),
            "@Conv3d(out = 4, kernel = {2, 3, 2}, stride = {2, 1, 2}, padding = {1, 0, 1}, dilation ="
                + " {1, 2, 1}, groups = 2) Weighted conv();"),
        net(
            "conv 3d same",
            List.of(1, 2, 3, 4),
            "@Conv3d(out = 2, kernel = {2, 1, 3}, padding = Conv3d.SAME, bias = false) Weighted"
                + " conv();"),
        net("batch norm 1d", List.of(4), "@BatchNorm1d BatchNorm bn();"),
        net("batch norm 1d of a sequence", List.of(3, 5), "@BatchNorm1d BatchNorm bn();"),
        net("batch norm 1d plain", List.of(4), "@BatchNorm1d(affine = false) BatchNorm bn();"),
        net("batch norm 1d scale only", List.of(4), "@BatchNorm1d(bias = false) BatchNorm bn();"),
        net("batch norm 2d", List.of(3, 2, 4), "@BatchNorm2d BatchNorm bn();"),
        net(
            "batch norm 2d untracked",
            List.of(3, 2, 4),
            "@BatchNorm2d(trackRunningStats = false, eps = 0.1) BatchNorm bn();"),
        net("batch norm 3d", List.of(2, 2, 1, 3), "@BatchNorm3d BatchNorm bn();"),
        net(
            "batch norm 3d plain",
            List.of(2, 1, 2, 3),
            "@BatchNorm3d(affine = false, eps = 0.1) BatchNorm bn();"),
        net("layer norm", List.of(5), "@LayerNorm Norm ln();"),
        net("layer norm of the last axis", List.of(3, 5), "@LayerNorm(shape = 5) Norm ln();"),
        net(
            "layer norm of the last two axes",
            List.of(2, 3, 4),
            "@LayerNorm(shape = {3, 4}, eps = 0.1) Norm ln();"),
        net(
            "layer norm of all axes",
            List.of(2, 3, 2),
            "@LayerNorm(shape = {2, 3, 2}, bias = false) Norm ln();"),
        net("layer norm plain", List.of(2, 4), "@LayerNorm(shape = 4, affine = false) Norm ln();"),
        net("layer norm of one value", List.of(3, 1), "@LayerNorm(shape = 1) Norm ln();"),
        net("group norm", List.of(4, 2, 3), "@GroupNorm(groups = 2) Norm gn();"),
        net("group norm of one group", List.of(3, 4), "@GroupNorm(groups = 1) Norm gn();"),
        net("group norm of channels", List.of(3, 4), "@GroupNorm(groups = 3) Norm gn();"),
        net(
            "group norm of features",
            List.of(6),
            "@GroupNorm(groups = 3, eps = 0.1, bias = false) Norm gn();"),
        net(
            "group norm of a volume",
            List.of(4, 2, 1, 3),
            "@GroupNorm(groups = 2, affine = false) Norm gn();"),
        net("instance norm 1d", List.of(3, 5), "@InstanceNorm1d InstanceNorm in();"),
        net(
            "instance norm 2d",
            List.of(2, 2, 3),
            "@InstanceNorm2d(affine = true) InstanceNorm in();"),
        net(
            "instance norm 2d tracked",
            List.of(2, 2, 3),
            "@InstanceNorm2d(affine = true, bias = false, trackRunningStats = true, eps = 0.1)"
                + " InstanceNorm in();"),
        net(
            "instance norm 3d",
            List.of(2, 2, 1, 3),
            "@InstanceNorm3d(affine = true, trackRunningStats = true) InstanceNorm in();"),
        net(
            "add",
            List.of(3, 2),
            "@Linear(in = 2, out = 2) Weighted fc();",
            "@From({\"fc\", Network.INPUT}) @Add Layer add();"),
        net(
            "add of three, one of them twice",
            List.of(4),
            "@Linear(out = 4) Weighted a();",
            "@From(Network.INPUT) @Linear(out = 4) Weighted b();",
            "@From({\"a\", \"b\", \"a\"}) @Add Layer add();"),
        net(
            "multiply",
            List.of(2, 3),
            "@Linear(in = 3, out = 3) Weighted fc();",
            "@From({\"fc\", Network.INPUT}) @Multiply Layer product();"),
        net(
            "multiply of three, one of them twice",
            List.of(4),
            "@Linear(out = 4) Weighted fc();",
            "@From({\"fc\", Network.INPUT, \"fc\"}) @Multiply Layer product();"),
        net(
            "concat",
            List.of(2, 3, 3),
            "@Conv2d(out = 3, kernel = 3, padding = 1) Weighted conv();",
            "@From({Network.INPUT, \"conv\"}) @Concat Layer both();",
            "@Conv2d(out = 2, kernel = 2) Weighted last();"),
        net(
            "concat of the last axis",
            List.of(2, 3),
            "@Linear(in = 3, out = 4) Weighted fc();",
            "@From({\"fc\", Network.INPUT, \"fc\"}) @Concat(axis = -1) Layer both();"),
        net(
            "residual block",
            List.of(2, 3, 4),
            "@Conv2d(out = 2, kernel = 3, padding = 1, bias = false) Weighted conv1();",
            "@BatchNorm2d BatchNorm bn1();",
            "@ReLU Layer relu1();",
            "@Conv2d(out = 2, kernel = 3, padding = 1, bias = false) Weighted conv2();",
            "@BatchNorm2d BatchNorm bn2();",
            "@From({\"bn2\", Network.INPUT}) @Add Layer add();",
            "@ReLU Layer relu2();"),
        net("max pool", List.of(2, 6, 4), "@MaxPool2d(kernel = 2) Layer pool();"),
        net(
            "max pool with all options",
            List.of(2, 7, 8),
            "@MaxPool2d(kernel = {3, 2}, stride = 2, padding = 1, dilation = {1, 2}, ceilMode ="
                + " true) Layer pool();"),
        net("max pool 1d", List.of(2, 6), "@MaxPool1d(kernel = 2) Layer pool();"),
        net(
            "max pool 1d with all options",
            List.of(2, 11),
            "@MaxPool1d(kernel = 3, stride = 2, padding = 1, dilation = 2, ceilMode = true) Layer"
                + " pool();"),
        net("max pool 3d", List.of(2, 2, 4, 6), "@MaxPool3d(kernel = 2) Layer pool();"),
        net(
            "max pool 3d with all options",
            List.of(1, 4, 5, 6),
            "@MaxPool3d(kernel = {2, 3, 2}, stride = 2, padding = 1, dilation = {1, 1, 2}, ceilMode ="
                + " true) Layer pool();"),
        net("avg pool", List.of(2, 6, 4), "@AvgPool2d(kernel = 2) Layer pool();"),
        net(
            "avg pool with all options",
            List.of(2, 6, 5),
            "@AvgPool2d(kernel = {3, 2}, stride = 2, padding = 1, ceilMode = true, countIncludePad"
                + " = false) Layer pool();"),
        net(
            "avg pool with padding that counts",
            List.of(2, 6, 5),
            "@AvgPool2d(kernel = 3, stride = 2, padding = 1, ceilMode = true) Layer pool();"),
        net(
            "avg pool with a divisor",
            List.of(2, 6, 5),
            "@AvgPool2d(kernel = 3, stride = 1, divisorOverride = 5) Layer pool();"),
        net("avg pool 1d", List.of(2, 6), "@AvgPool1d(kernel = 2) Layer pool();"),
        net(
            "avg pool 1d with all options",
            List.of(2, 8),
            "@AvgPool1d(kernel = 3, stride = 2, padding = 1, ceilMode = true, countIncludePad ="
                + " false) Layer pool();"),
        net("avg pool 3d", List.of(2, 2, 4, 6), "@AvgPool3d(kernel = 2) Layer pool();"),
        net(
            "avg pool 3d with all options",
            List.of(1, 4, 5, 6),
            "@AvgPool3d(kernel = {2, 3, 2}, stride = 2, padding = 1, ceilMode = true, countIncludePad"
                + " = false) Layer pool();"),
        net(
            "avg pool 3d with a divisor",
            List.of(1, 3, 4, 3),
            "@AvgPool3d(kernel = 2, stride = 1, divisorOverride = 5) Layer pool();"),
        net("global avg pool", List.of(3, 4, 5), "@GlobalAvgPool Layer pool();"),
        net("global avg pool of a sequence", List.of(3, 4), "@GlobalAvgPool Layer pool();"),
        net("global avg pool of a volume", List.of(2, 3, 2, 4), "@GlobalAvgPool Layer pool();"),
        net("dropout", List.of(2, 3, 4), "@Dropout(p = 0.3) Layer drop();"),
        net("dropout of nothing", List.of(6), "@Dropout(p = 0.0) Layer drop();"),
        net("dropout of everything", List.of(6), "@Dropout(p = 1.0) Layer drop();"),
        net(
            "a small CNN",
            List.of(2, 8, 8),
            "@Conv2d(out = 4, kernel = 3, padding = 1, bias = false) Weighted conv();",
            "@BatchNorm2d BatchNorm bn1();",
            "@ReLU Layer relu1();",
            "@MaxPool2d(kernel = 2) Layer pool();",
            "@Dropout(p = 0.2) Layer drop();",
            "@Flatten Layer flat();",
            "@Linear(out = 5, bias = false) Weighted hidden();",
            "@BatchNorm1d BatchNorm bn2();",
            "@ReLU Layer relu2();",
            "@Linear(out = 3) Weighted head();"));
  }

  private static Arguments net(String name, List<Integer> input, String... layers) {
    return Arguments.of(name, input, List.of(layers));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void backwardIsTheDerivativeOfForward(String name, List<Integer> input, List<String> layers) {
    ReferenceModel model = new ReferenceModel(Networks.of("float64", input, layers));
    long key = name.hashCode();
    for (String parameter : model.parameters()) {
      fill(model.state(parameter), key++);
    }
    double[] x = spread(BATCH * (int) model.network().input().count(), key);

    double[] y = model.forward(x);
    double[] dx = model.backward(Arrays.stream(y).map(v -> Math.exp(v) / y.length).toArray());
    double[][] gradients =
        model.parameters().stream().map(p -> model.gradient(p).clone()).toArray(double[][]::new);

    assertDerivative("x", model, x, x, dx);
    for (int i = 0; i < gradients.length; i++) {
      String parameter = model.parameters().get(i);
      assertDerivative(parameter, model, x, model.state(parameter), gradients[i]);
    }
  }

  /** Indices repeat, so gradients add up; the padding row has none, whatever the loss does. */
  @Test
  void anEmbeddingSendsGradientsToItsRows() {
    ReferenceModel model =
        new ReferenceModel(
            Networks.of(
                """
                @Network(precision = Precision.FLOAT64)
                interface Net {
                  @IndexInput(2) Layer words();
                  @Embedding(num = 5, dim = 3) Weighted codes();
                  @Flatten Layer flat();
                  @IndexInput Layer colour();
                  @Embedding(num = 4, dim = 2, paddingIndex = -1) Weighted colours();
                  @From({"flat", "colours"}) @Concat Layer all();
                  @Linear(out = 3) Weighted head();
                }
                """));
    long key = 1;
    for (String parameter : model.parameters()) {
      fill(model.state(parameter), key++);
    }
    List<double[]> x = List.of(new double[] {0, 4, 4, 4, 2, 0}, new double[] {1, 3, 1});
    double[] y = model.forward(x).get(0);
    List<double[]> dx =
        model.backward(List.of(Arrays.stream(y).map(v -> Math.exp(v) / y.length).toArray()));
    assertThat(dx).isEmpty();
    double[][] gradients =
        model.parameters().stream().map(p -> model.gradient(p).clone()).toArray(double[][]::new);
    for (int p = 0; p < gradients.length; p++) {
      String parameter = model.parameters().get(p);
      double[] gradient = gradients[p];
      double[] moved = model.state(parameter);
      int padded = parameter.equals("colours.weight") ? 3 * 2 : gradient.length;
      for (int i = 0; i < gradient.length; i++) {
        if (i >= padded) {
          assertThat(gradient[i]).isZero();
          continue;
        }
        double value = moved[i];
        moved[i] = value + STEP;
        double above = loss(model.forward(x).get(0));
        moved[i] = value - STEP;
        double below = loss(model.forward(x).get(0));
        moved[i] = value;
        double numeric = (above - below) / (2 * STEP);
        assertThat(Math.abs(gradient[i] - numeric))
            .as("d%s[%d]", parameter, i)
            .isLessThanOrEqualTo(1e-5 + 1e-3 * Math.abs(numeric));
      }
    }
  }

  private static void assertDerivative(
      String what, ReferenceModel model, double[] x, double[] moved, double[] analytic) {
    assertThat(analytic).as(what).hasSize(moved.length);
    for (int i = 0; i < moved.length; i++) {
      double value = moved[i];
      moved[i] = value + STEP;
      double above = loss(model.forward(x));
      moved[i] = value - STEP;
      double below = loss(model.forward(x));
      moved[i] = value;
      double numeric = (above - below) / (2 * STEP);
      assertThat(Math.abs(analytic[i] - numeric))
          .as("d%s[%d]: %s, but the difference quotient is %s", what, i, analytic[i], numeric)
          .isLessThanOrEqualTo(1e-5 + 1e-3 * Math.abs(numeric));
    }
  }

  private static double loss(double[] y) {
    return Arrays.stream(y).map(Math::exp).average().orElseThrow();
  }

  private static void fill(double[] values, long key) {
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * Randoms.uniformDouble(key, i) - 1;
    }
  }

  /** Values in [-2, 2] in random order, no two of them, and none of them and 0, close together. */
  private static double[] spread(int count, long seed) {
    int[] order = Randoms.permutation(seed, count);
    return Arrays.stream(order)
        // A third of a step off the middle: never 0, never mirror images of each other.
        .mapToDouble(rank -> (rank + 1 / 3.0 - count / 2.0) * 4 / count)
        .toArray();
  }
}
