package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Norm;
import dev.tenon.runtime.layer.TrackedNorm;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Finite differences of every input and parameter through generated code: central, step 1e-6, on
 * the loss {@code mean(exp(y))}, whose gradient differs from element to element.
 *
 * <p>The contract accepts {@code |analytic - numeric| <= 1e-5 + 1e-3 |numeric|}. The mean makes
 * gradients so small that 1e-5 could hide one that is wrong, and difference quotients of float64
 * are good to about 1e-9 here, so the test asks for a hundred times more.
 */
class GradientTest {
  private static final double STEP = 1e-6;
  private static final CompiledNetwork.Cache NETWORKS = new CompiledNetwork.Cache();

  /**
   * One network.
   *
   * @param frozen whether its normalisations are frozen: training then goes by running statistics
   */
  private record Case(String name, int batch, String network, List<String> layers, boolean frozen) {
    SingleModel create() {
      SingleModel model = NETWORKS.create(network, layers);
      if (frozen) {
        for (Layer layer : model.layers()) {
          if (layer instanceof TrackedNorm norm) {
            norm.freeze();
          }
        }
      }
      return model;
    }

    /** Another mask at every forward would be another function. */
    boolean drawsRandomNumbers() {
      return layers.stream().anyMatch(layer -> layer.contains("@Dropout"));
    }
  }

  private static Case net(String name, int batch, String input, String... layers) {
    String network = "input = {" + input + "}, precision = Precision.FLOAT64";
    return new Case(name, batch, network, List.of(layers), false);
  }

  private static Case frozen(String name, int batch, String input, String... layers) {
    Case net = net(name + ", frozen", batch, input, layers);
    return new Case(net.name(), batch, net.network(), net.layers(), true);
  }

  /** Sizes are prime or odd, so that every unrolled loop has a rest; batches too. */
  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    // Below and above the width from which rows are tiled.
    cases.add(net("linear", 3, "5", "@Linear(out = 4) Weighted fc();"));
    cases.add(net("linear wide", 7, "13", "@Linear(out = 11) Weighted fc();"));
    cases.add(net("linear narrow", 5, "17", "@Linear(out = 1) Weighted fc();"));
    cases.add(net("linear of one", 5, "1", "@Linear(out = 9) Weighted fc();"));
    cases.add(net("linear no bias", 6, "9", "@Linear(out = 10, bias = false) Weighted fc();"));
    cases.add(net("linear rank 3", 2, "3, 5, 4", "@Linear(in = 4, out = 9) Weighted fc();"));
    cases.add(net("relu", 3, "2, 3, 5", "@ReLU Layer relu();"));
    cases.add(net("leaky relu", 3, "2, 3, 5", "@LeakyReLU(slope = 0.3) Layer act();"));
    cases.add(
        net(
            "leaky relu with a negative slope",
            3,
            "2, 3, 5",
            "@LeakyReLU(slope = -0.3) Layer act();"));
    cases.add(net("relu6", 3, "2, 3, 5", "@ReLU6 Layer act();"));
    cases.add(net("hardtanh", 3, "2, 3, 5", "@Hardtanh(min = -0.5, max = 1.2) Layer act();"));
    cases.add(net("hardsigmoid", 3, "2, 3, 5", "@Hardsigmoid Layer act();"));
    cases.add(net("hardswish", 3, "2, 3, 5", "@Hardswish Layer act();"));
    cases.add(net("sigmoid", 3, "2, 3, 5", "@Sigmoid Layer act();"));
    cases.add(net("tanh", 3, "2, 3, 5", "@Tanh Layer act();"));
    cases.add(net("silu", 3, "2, 3, 5", "@SiLU Layer act();"));
    cases.add(net("gelu", 3, "2, 3, 5", "@GELU Layer act();"));
    cases.add(net("gelu of tanh", 3, "2, 3, 5", "@GELU(approximate = true) Layer act();"));
    cases.add(
        net(
            "activations between layers",
            3,
            "2, 5, 5",
            "@Conv2d(out = 3, kernel = 3) Weighted conv();",
            "@BatchNorm2d BatchNorm bn();",
            "@SiLU Layer act1();",
            "@Conv2d(out = 5, kernel = 3, padding = 1) Weighted conv2();",
            "@GELU Layer act2();",
            "@Flatten Layer flat();",
            "@Linear(out = 7) Weighted fc();",
            "@Tanh Layer act3();"));
    cases.add(net("softmax", 3, "5", "@Softmax(axis = 1) Layer soft();"));
    cases.add(net("softmax of channels", 3, "4, 2, 3", "@Softmax(axis = 1) Layer soft();"));
    cases.add(net("softmax of the last axis", 3, "2, 3, 4", "@Softmax(axis = -1) Layer soft();"));
    cases.add(net("softmax between", 3, "2, 5, 3", "@Softmax(axis = 2) Layer soft();"));
    cases.add(net("log softmax", 3, "5", "@LogSoftmax(axis = 1) Layer soft();"));
    cases.add(net("log softmax of channels", 3, "4, 2, 3", "@LogSoftmax(axis = 1) Layer soft();"));
    cases.add(
        net("log softmax of the last axis", 3, "2, 3, 4", "@LogSoftmax(axis = 3) Layer soft();"));
    cases.add(net("dropout of channels", 3, "5, 2, 3", "@Dropout2d(p = 0.3) Layer drop();"));
    cases.add(net("adaptive avg pool", 2, "2, 6, 4", "@AdaptiveAvgPool2d(out = 2) Layer l();"));
    cases.add(
        net(
            "adaptive avg pool uneven",
            2,
            "2, 7, 5",
            "@AdaptiveAvgPool2d(out = {3, 2}) Layer l();"));
    cases.add(net("adaptive avg pool 1d", 2, "3, 7", "@AdaptiveAvgPool1d(out = 3) Layer l();"));
    cases.add(
        net(
            "adaptive avg pool 3d",
            2,
            "2, 3, 4, 2",
            "@AdaptiveAvgPool3d(out = {2, 2, 1}) Layer l();"));
    cases.add(net("upsample", 2, "3, 2, 3", "@Upsample(scale = 2) Layer l();"));
    cases.add(net("upsample by one and a half", 2, "2, 4, 3", "@Upsample(scale = 1.5) Layer l();"));
    cases.add(net("upsample to a size", 2, "2, 3, 5", "@Upsample(size = {5, 3}) Layer l();"));
    cases.add(
        net(
            "upsample bilinear",
            2,
            "3, 2, 3",
            "@Upsample(scale = {2, 3}, mode = Upsample.Mode.BILINEAR) Layer l();"));
    cases.add(
        net(
            "upsample bilinear by two and a half",
            2,
            "2, 3, 4",
            "@Upsample(scale = 2.5, mode = Upsample.Mode.BILINEAR) Layer l();"));
    cases.add(
        net(
            "upsample aligned",
            2,
            "2, 3, 4",
            "@Upsample(scale = 2, mode = Upsample.Mode.BILINEAR, alignCorners = true) Layer l();"));
    cases.add(
        net(
            "conv reflected",
            3,
            "2, 4, 5",
            "@Conv2d(out = 3, kernel = 3, padding = {2, 1}, paddingMode = PaddingMode.REFLECT) Weighted l();"));
    cases.add(
        net(
            "conv replicated",
            3,
            "2, 3, 4",
            "@Conv2d(out = 2, kernel = 3, padding = 3, stride = 2, paddingMode = PaddingMode.REPLICATE) Weighted l();"));
    cases.add(
        net(
            "conv circular",
            3,
            "2, 4, 3",
            "@Conv2d(out = 3, kernel = {3, 2}, padding = {0, 3}, groups = 1, paddingMode = PaddingMode.CIRCULAR) Weighted l();"));
    cases.add(
        net(
            "conv same reflected",
            3,
            "2, 4, 5",
            "@Conv2d(out = 2, kernel = {2, 3}, padding = Conv2d.SAME, paddingMode = PaddingMode.REFLECT) Weighted l();"));
    cases.add(
        net(
            "conv 1d circular",
            3,
            "3, 5",
            "@Conv1d(out = 2, kernel = 3, padding = 2, paddingMode = PaddingMode.CIRCULAR) Weighted l();"));
    cases.add(
        net(
            "conv 3d replicated",
            3,
            "2, 2, 3, 2",
            "@Conv3d(out = 2, kernel = 2, padding = 1, paddingMode = PaddingMode.REPLICATE) Weighted l();"));
    cases.add(
        net(
            "conv transposed",
            3,
            "2, 3, 4",
            "@ConvTranspose2d(out = 3, kernel = 3) Weighted l();"));
    cases.add(
        net(
            "conv transposed strided",
            3,
            "3, 3, 2",
            "@ConvTranspose2d(out = 2, kernel = 3, stride = 2, padding = 1, outputPadding = 1) Weighted l();"));
    cases.add(
        net(
            "conv transposed all options",
            3,
            "4, 3, 2",
            "@ConvTranspose2d(out = 6, kernel = {3, 2}, stride = {1, 3}, padding = {2, 0}, outputPadding = {1, 2}, dilation = {2, 1}, groups = 2, bias = false) Weighted l();"));
    cases.add(net("scale", 3, "3, 2, 4", "@Scale Weighted l();"));
    cases.add(
        net("scale of features", 3, "5", "@Scale(initial = 0.5, bias = false) Weighted l();"));
    cases.add(
        net(
            "sine of the user's",
            3,
            "2, 3",
            "@Elementwise(type = StrictMath.class, function = \"sin\", derivative = \"cos\") Layer l();"));
    cases.add(net("flatten", 3, "2, 3, 5", "@Flatten Layer flat();"));
    cases.add(net("flatten end", 3, "2, 3, 5", "@Flatten(start = 2) Layer flat();"));
    cases.add(net("reshape", 3, "30", "@Reshape({2, 3, 5}) Layer image();"));
    cases.add(net("reshape along cuts of both", 3, "6, 4", "@Reshape({2, -1}) Layer rows();"));
    cases.add(net("reshape across cuts", 3, "2, 3, 5", "@Reshape({5, 6}) Layer rows();"));
    cases.add(
        net(
            "decoder",
            3,
            "5",
            "@Linear(out = 64) Weighted fc();",
            "@Reshape({16, 2, 2}) Layer image();",
            "@ConvTranspose2d(out = 2, kernel = 2, stride = 2) Weighted up();"));

    cases.add(
        net(
            "residual",
            3,
            "3, 5, 4",
            "@Conv2d(out = 3, kernel = 3, padding = 1, bias = false) Weighted conv1();",
            "@BatchNorm2d BatchNorm bn1();",
            "@ReLU Layer relu1();",
            "@Conv2d(out = 3, kernel = 3, padding = 1, bias = false) Weighted conv2();",
            "@BatchNorm2d BatchNorm bn2();",
            "@From({\"bn2\", Network.INPUT}) @Add Layer sum();",
            "@ReLU Layer relu2();",
            "@From({\"relu2\", \"relu1\", \"sum\"}) @Multiply Layer product();",
            "@GlobalAvgPool Layer pool();"));
    cases.add(
        net(
            "branches",
            3,
            "2, 5, 4",
            "@Conv2d(out = 3, kernel = 3, padding = 1) Weighted conv1();",
            "@From(Network.INPUT) @AvgPool2d(kernel = 3, stride = 1, padding = 1) Layer pool();",
            "@From({\"conv1\", \"pool\", Network.INPUT}) @Concat Layer all();",
            "@Conv2d(out = 2, kernel = 2, stride = 2) Weighted conv2();",
            "@From({\"conv2\", \"conv2\"}) @Concat(axis = -1) Layer wide();",
            "@Flatten Layer flat();",
            "@From(\"conv2\") @Flatten Layer flat2();",
            "@From({\"flat\", \"flat2\"}) @Concat Layer both();",
            "@Linear(out = 3) Weighted head();"));

    cases.add(net("conv", 3, "2, 5, 4", "@Conv2d(out = 3, kernel = 3) Weighted conv();"));
    cases.add(
        net(
            "conv padded",
            3,
            "3, 5, 7",
            "@Conv2d(out = 5, kernel = 3, padding = 1, bias = false) Weighted conv();"));
    cases.add(net("conv 1x1", 3, "5, 3, 3", "@Conv2d(out = 7, kernel = 1) Weighted conv();"));
    cases.add(
        net(
            "conv 1x1 strided",
            2,
            "3, 5, 4",
            "@Conv2d(out = 2, kernel = 1, stride = 2) Weighted conv();"));
    cases.add(
        net(
            "conv strided",
            2,
            "3, 7, 9",
            "@Conv2d(out = 5, kernel = 3, stride = 2, padding = 1) Weighted conv();"));
    cases.add(
        net(
            "conv strided past its kernel",
            2,
            "2, 8, 9",
            "@Conv2d(out = 3, kernel = 2, stride = 3) Weighted conv();"));
    cases.add(
        net(
            "conv dilated",
            2,
            "2, 9, 7",
            "@Conv2d(out = 3, kernel = 3, dilation = {2, 3}, padding = 2) Weighted conv();"));
    cases.add(
        net(
            "conv 1d strided",
            3,
            "3, 17",
            "@Conv1d(out = 5, kernel = 5, stride = 2, padding = 2) Weighted conv();"));
    cases.add(
        net(
            "conv 1d dilated",
            2,
            "4, 13",
            "@Conv1d(out = 6, kernel = 3, dilation = 3, padding = 1, groups = 2) Weighted"
                + " conv();"));
    cases.add(
        net(
            "conv 3d padded",
            2,
            "2, 3, 5, 4",
            "@Conv3d(out = 3, kernel = 3, padding = 1) Weighted conv();"));
    cases.add(
        net(
            "conv 3d strided",
            2,
            "3, 5, 4, 7",
            "@Conv3d(out = 5, kernel = {2, 3, 2}, stride = {2, 1, 3}, padding = {1, 0, 1}) Weighted"
                + " conv();"));
    cases.add(
        net(
            "conv 3d dilated",
            1,
            "2, 5, 4, 7",
            "@Conv3d(out = 2, kernel = 2, dilation = {1, 2, 3}, padding = 1) Weighted conv();"));
    cases.add(
        net(
            "conv all options",
            2,
            "4, 6, 7",
            "@Conv2d(out = 6, kernel = {3, 2}, stride = {2, 1}, padding = {2, 1}, dilation = {1,"
                + " 2}, groups = 2) Weighted conv();"));
    cases.add(
        net(
            "conv same",
            3,
            "2, 4, 5",
            "@Conv2d(out = 2, kernel = {2, 3}, padding = Conv2d.SAME) Weighted conv();"));
    cases.add(
        net(
            "conv depthwise",
            2,
            "3, 5, 4",
            "@Conv2d(out = 6, kernel = 3, padding = 1, groups = 3) Weighted conv();"));
    cases.add(
        net(
            "conv of whole image",
            3,
            "2, 4, 5",
            "@Conv2d(out = 3, kernel = {4, 5}) Weighted c();"));
    cases.add(net("conv row", 2, "3, 1, 9", "@Conv2d(out = 2, kernel = {1, 5}) Weighted conv();"));
    cases.add(
        net(
            "conv 7x7 stride 2",
            2,
            "2, 9, 11",
            "@Conv2d(out = 3, kernel = 7, stride = 2, padding = 3) Weighted conv();"));

    for (String options : List.of("", "(affine = false)", "(bias = false)", "(eps = 0.5)")) {
      cases.add(net("bn1d" + options, 5, "3", "@BatchNorm1d" + options + " BatchNorm bn();"));
      cases.add(
          net("bn1d seq" + options, 3, "3, 5", "@BatchNorm1d" + options + " BatchNorm bn();"));
      cases.add(net("bn2d" + options, 2, "3, 3, 5", "@BatchNorm2d" + options + " BatchNorm bn();"));
      cases.add(frozen("bn1d" + options, 5, "3", "@BatchNorm1d" + options + " BatchNorm bn();"));
      cases.add(
          frozen("bn2d" + options, 2, "3, 3, 5", "@BatchNorm2d" + options + " BatchNorm bn();"));
    }
    cases.add(
        net("bn1d untracked", 5, "17", "@BatchNorm1d(trackRunningStats = false) BatchNorm bn();"));
    cases.add(
        net(
            "bn2d untracked",
            3,
            "5, 1, 3",
            "@BatchNorm2d(trackRunningStats = false) BatchNorm b();"));
    cases.add(net("bn2d of pixels", 7, "5, 1, 1", "@BatchNorm2d BatchNorm bn();"));
    cases.add(net("bn2d of one sample", 1, "5, 3, 3", "@BatchNorm2d BatchNorm bn();"));

    for (String options : List.of("", "affine = false", "bias = false", "eps = 0.5")) {
      String more = options.isEmpty() ? "" : ", " + options;
      cases.add(net("layer norm " + options, 5, "7", "@LayerNorm(" + options + ") Norm ln();"));
      cases.add(
          net(
              "layer norm of the last axis" + more,
              3,
              "3, 5",
              "@LayerNorm(shape = 5" + more + ") Norm ln();"));
      cases.add(
          net(
              "layer norm of all axes" + more,
              2,
              "2, 3, 5",
              "@LayerNorm(shape = {2, 3, 5}" + more + ") Norm ln();"));
      cases.add(
          net("group norm" + more, 3, "6, 3, 5", "@GroupNorm(groups = 3" + more + ") Norm gn();"));
      cases.add(
          net(
              "group norm of features" + more,
              3,
              "9",
              "@GroupNorm(groups = 3" + more + ") Norm gn();"));
    }
    for (String options :
        List.of("affine = true", "affine = false", "affine = true, bias = false", "eps = 0.5")) {
      cases.add(
          net(
              "instance norm 1d, " + options,
              3,
              "3, 5",
              "@InstanceNorm1d(" + options + ") InstanceNorm in();"));
      String tracked =
          "@InstanceNorm2d(trackRunningStats = true, " + options + ") InstanceNorm in();";
      cases.add(net("instance norm 2d, " + options, 3, "2, 3, 5", tracked));
      cases.add(frozen("instance norm 2d, " + options, 3, "2, 3, 5", tracked));
      cases.add(
          net(
              "instance norm 3d, " + options,
              1,
              "2, 2, 3, 2",
              "@InstanceNorm3d(" + options + ") InstanceNorm in();"));
    }

    cases.add(net("max pool", 3, "2, 6, 4", "@MaxPool2d(kernel = 2) Layer pool();"));
    cases.add(
        net(
            "max pool overlapping",
            2,
            "3, 7, 7",
            "@MaxPool2d(kernel = 3, stride = 2, padding = 1) Layer pool();"));
    cases.add(
        net(
            "max pool all options",
            2,
            "2, 7, 8",
            "@MaxPool2d(kernel = {3, 2}, stride = 2, padding = 1, dilation = {1, 2}, ceilMode ="
                + " true) Layer pool();"));
    cases.add(net("avg pool", 3, "2, 6, 4", "@AvgPool2d(kernel = 2) Layer pool();"));
    cases.add(
        net(
            "avg pool all options",
            2,
            "2, 6, 5",
            "@AvgPool2d(kernel = {3, 2}, stride = 2, padding = 1, ceilMode = true, countIncludePad"
                + " = false) Layer pool();"));
    cases.add(
        net(
            "avg pool counting padding",
            2,
            "2, 6, 5",
            "@AvgPool2d(kernel = 3, stride = 2, padding = 1, ceilMode = true) Layer pool();"));
    cases.add(
        net(
            "avg pool divisor",
            2,
            "2, 6, 5",
            "@AvgPool2d(kernel = 3, stride = 1, divisorOverride = 5) Layer pool();"));
    cases.add(net("global avg pool", 3, "3, 5, 7", "@GlobalAvgPool Layer pool();"));
    cases.add(net("global avg pool seq", 3, "3, 5", "@GlobalAvgPool Layer pool();"));

    for (String p : List.of("0.0", "0.3", "1.0")) {
      cases.add(net("dropout " + p, 3, "2, 3, 5", "@Dropout(p = " + p + ") Layer drop();"));
    }

    // Neighbours share passes and buffers, so they are checked together too.
    List<String> cnn =
        List.of(
            "@Conv2d(out = 3, kernel = 3, padding = 1, bias = false) Weighted conv1();",
            "@BatchNorm2d BatchNorm bn1();",
            "@ReLU Layer relu1();",
            "@MaxPool2d(kernel = 2) Layer pool();",
            "@Conv2d(out = 5, kernel = 3, stride = 2, padding = 1) Weighted conv2();",
            "@ReLU Layer relu2();",
            "@Dropout(p = 0.2) Layer drop();",
            "@Flatten Layer flat();",
            "@Linear(out = 9, bias = false) Weighted hidden();",
            "@BatchNorm1d BatchNorm bn2();",
            "@ReLU Layer relu3();",
            "@Linear(out = 3) Weighted head();");
    cases.add(net("cnn", 3, "2, 7, 6", cnn.toArray(String[]::new)));
    cases.add(frozen("cnn", 3, "2, 7, 6", cnn.toArray(String[]::new)));
    cases.add(
        net(
            "equal layers sharing kernels",
            3,
            "3, 5, 5",
            "@Conv2d(out = 3, kernel = 3, padding = 1) Weighted conv1();",
            "@ReLU Layer relu1();",
            "@Conv2d(out = 3, kernel = 3, padding = 1) Weighted conv2();",
            "@BatchNorm2d BatchNorm bn1();",
            "@BatchNorm2d BatchNorm bn2();",
            "@ReLU Layer relu2();",
            "@Conv2d(out = 3, kernel = 3, padding = 1) Weighted conv3();",
            "@GlobalAvgPool Layer pool();"));
    cases.add(
        net(
            "mlp",
            4,
            "6",
            "@Linear(out = 8) Weighted fc1();",
            "@ReLU Layer relu1();",
            "@Linear(out = 8) Weighted fc2();",
            "@ReLU Layer relu2();",
            "@Linear(out = 8) Weighted fc3();"));
    return cases;
  }

  @TestFactory
  Stream<DynamicTest> backwardIsTheDerivativeOfForward() {
    List<Case> cases = cases();
    cases.forEach(c -> NETWORKS.add(c.network(), c.layers()));
    return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c)));
  }

  private static void check(Case c) {
    SingleModel model = c.create();
    long key = c.name().hashCode();
    // Convolutions and linear layers start at random, with outputs of size 1; normalisations do
    // not.
    for (Layer layer : model.layers()) {
      if (layer instanceof Norm norm && norm.isAffine()) {
        spread(norm.weight().value(), key++);
        if (norm.hasBias()) {
          spread(norm.bias().value(), key++);
        }
      }
    }
    for (RunningStat stat : model.runningStats()) {
      Tensor value = stat.value();
      boolean variance = stat.name().endsWith("running_var");
      for (int i = 0; i < value.size(); i++) {
        value.doubleArray()[value.offset() + i] =
            Randoms.uniformDouble(key, i) + (variance ? 0.5 : -0.5);
      }
      key++;
    }
    Tensor x = Tensor.zeros(model.dtype(), Samples.withBatch(c.batch(), model.inputShape()));
    spread(x, key);
    // Statistics move with every forward and must not move what is differentiated.
    SingleModel start = c.create();
    start.state().copyFrom(model.state());

    double[] dx = Fixtures.values(model.backwardToInput(gradientOfLoss(model.forward(x))));
    double[][] gradients =
        model.parameters().stream().map(p -> p.gradient().toDoubleArray()).toArray(double[][]::new);
    assertThat(dx).doesNotContain(Double.NaN);

    assertDerivative("x", c, start, x, x, dx);
    for (int i = 0; i < gradients.length; i++) {
      Parameter moved = start.parameters().get(i);
      assertDerivative(moved.name(), c, start, x, moved.value(), gradients[i]);
    }

    SingleModel again = c.create();
    again.state().copyFrom(start.state());
    again.backward(gradientOfLoss(again.forward(x)));
    for (int i = 0; i < gradients.length; i++) {
      assertThat(again.parameters().get(i).gradient().toDoubleArray())
          .as("gradient of %s without that of the input", again.parameters().get(i).name())
          .isEqualTo(gradients[i]);
    }
  }

  private static void assertDerivative(
      String what, Case c, SingleModel model, Tensor x, Tensor moved, double[] analytic) {
    assertThat(analytic).as(what).hasSize(moved.size());
    double[] values = moved.doubleArray();
    for (int i = 0; i < analytic.length; i++) {
      int at = moved.offset() + i;
      double value = values[at];
      values[at] = value + STEP;
      double above = loss(c, model, x);
      values[at] = value - STEP;
      double below = loss(c, model, x);
      values[at] = value;
      double numeric = (above - below) / (2 * STEP);
      assertThat(Math.abs(analytic[i] - numeric))
          .as("d%s[%d]: %s, but the difference quotient is %s", what, i, analytic[i], numeric)
          .isLessThanOrEqualTo(1e-7 + 1e-5 * Math.abs(numeric));
    }
  }

  private static double loss(Case c, SingleModel model, Tensor x) {
    SingleModel used = model;
    if (c.drawsRandomNumbers()) {
      used = c.create();
      used.state().copyFrom(model.state());
    }
    return Arrays.stream(used.forward(x).toDoubleArray()).map(Math::exp).average().orElseThrow();
  }

  private static Tensor gradientOfLoss(Tensor y) {
    double[] values = y.toDoubleArray();
    return Tensor.of(
        Arrays.stream(values).map(v -> Math.exp(v) / values.length).toArray(), y.shape());
  }

  /** Values in [-2, 2] in random order, no two of them, and none of them and 0, close together. */
  private static void spread(Tensor tensor, long seed) {
    int count = tensor.size();
    int[] order = Randoms.permutation(seed, count);
    for (int i = 0; i < count; i++) {
      // A third of a step off the middle: never 0, never mirror images of each other.
      tensor.doubleArray()[tensor.offset() + i] = (order[i] + 1 / 3.0 - count / 2.0) * 4 / count;
    }
  }
}
