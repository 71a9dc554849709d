package dev.tenon.integration.soak;

import java.util.ArrayList;
import java.util.List;

/**
 * Networks that hold every layer; {@link EveryLayerTest} compares them with the list of layers.
 * They are small, as the interpreter runs them as well. Channels are no multiples of vectors: 17
 * and 24 end in the middle of a block of lanes.
 */
final class EveryLayer {
  private static final List<SoakNetwork> NETWORKS = new ArrayList<>();

  static {
    pools();
    norms();
    convolutions();
    activations();
    shapes();
    compositions();
  }

  private EveryLayer() {}

  static List<SoakNetwork> networks() {
    return List.copyOf(NETWORKS);
  }

  private static void add(String name, int batch, String input, String... members) {
    NETWORKS.add(new SoakNetwork(name, "input = {" + input + "}", List.of(members), batch));
  }

  /** In double precision, which vector kernels leave to plain ones. */
  private static void add64(String name, int batch, String input, String... members) {
    NETWORKS.add(
        new SoakNetwork(
            name,
            "input = {" + input + "}, precision = Precision.FLOAT64",
            List.of(members),
            batch));
  }

  private static void pools() {
    add("AdaptiveAvg1d", 3, "17, 7", "@AdaptiveAvgPool1d(out = 3) Layer pool();");
    add("AdaptiveAvg2d", 3, "17, 4, 3", "@AdaptiveAvgPool2d(out = {3, 2}) Layer pool();");
    add("AdaptiveAvg3d", 3, "5, 3, 4, 2", "@AdaptiveAvgPool3d(out = {2, 2, 1}) Layer pool();");
    add("Avg1d", 3, "17, 7", "@AvgPool1d(kernel = 3, stride = 2, padding = 1) Layer pool();");
    add("Avg2d", 3, "17, 4, 5", "@AvgPool2d(kernel = 2) Layer pool();");
    add(
        "Avg2dOfConv",
        3,
        "3, 4, 3",
        "@Conv2d(out = 17, kernel = 1) Weighted conv();",
        "@AvgPool2d(kernel = 3, stride = 2, padding = 1, countIncludePad = false) Layer pool();");
    add("Avg3d", 3, "5, 4, 3, 4", "@AvgPool3d(kernel = 2) Layer pool();");
    add("GlobalAvg", 3, "24, 3, 5", "@GlobalAvgPool Layer pool();");
    add("Max1d", 3, "17, 9", "@MaxPool1d(kernel = 2) Layer pool();");
    add("Max2d", 3, "17, 4, 4", "@MaxPool2d(kernel = 2) Layer pool();");
    add(
        "Max2dOverlapping",
        3,
        "3, 4, 5",
        "@Conv2d(out = 17, kernel = 1) Weighted conv();",
        "@MaxPool2d(kernel = 3, stride = 2, padding = 1) Layer pool();");
    add("Max3d", 3, "5, 4, 4, 3", "@MaxPool3d(kernel = {2, 2, 1}) Layer pool();");
  }

  private static void norms() {
    add("BatchNormFeatures", 11, "24", "@BatchNorm1d BatchNorm bn();", "@Tanh Layer act();");
    add("BatchNormSequences", 3, "17, 5", "@BatchNorm1d BatchNorm bn();");
    // Whole blocks of positions: sums run along memory.
    add("BatchNormPositions", 3, "3, 4, 8", "@BatchNorm2d BatchNorm bn();", "@ReLU Layer relu();");
    add(
        "BatchNormChannelsLast",
        3,
        "3, 3, 5",
        "@Conv2d(out = 24, kernel = 1, bias = false) Weighted conv();",
        "@BatchNorm2d BatchNorm bn();",
        "@ReLU Layer relu();",
        "@GlobalAvgPool Layer pool();");
    add("BatchNormVolumes", 3, "5, 2, 3, 4", "@BatchNorm3d(cumulative = true) BatchNorm bn();");
    add("GroupNormImages", 3, "24, 2, 3", "@GroupNorm(groups = 3) Norm gn();");
    add(
        "GroupNormFeatures",
        5,
        "17",
        "@Linear(out = 24) Weighted fc();",
        "@GroupNorm(groups = 4) Norm gn();");
    add(
        "InstanceNorm1dOfInput",
        3,
        "17, 7",
        "@InstanceNorm1d(affine = true, trackRunningStats = true) InstanceNorm in();");
    add(
        "InstanceNorm2dOfInput",
        3,
        "17, 4, 4",
        "@InstanceNorm2d(affine = true) InstanceNorm in();");
    add("InstanceNorm3dOfInput", 3, "5, 2, 3, 4", "@InstanceNorm3d InstanceNorm in();");
    add(
        "LayerNormFeatures",
        11,
        "17",
        "@Linear(out = 24) Weighted fc();",
        "@LayerNorm Norm ln();",
        "@GELU Layer act();");
    add("LayerNormImages", 3, "5, 4, 4", "@LayerNorm(shape = {4, 4}) Norm ln();");
  }

  private static void convolutions() {
    add(
        "Conv1dStrided",
        3,
        "5, 11",
        "@Conv1d(out = 17, kernel = 3, stride = 2, padding = 1) Weighted conv();");
    add("Conv2dDirect", 3, "5, 3, 5", "@Conv2d(out = 17, kernel = 3, padding = 1) Weighted c();");
    // Wide enough to be computed by Winograd's way on vectors.
    add("Conv2dWide", 3, "17, 2, 4", "@Conv2d(out = 17, kernel = 3, padding = 1) Weighted conv();");
    add(
        "Conv2dOptions",
        3,
        "6, 4, 5",
        "@Conv2d(out = 9, kernel = {3, 2}, stride = {2, 1}, padding = {2, 1}, dilation = {1, 2},"
            + " groups = 3) Weighted conv();");
    add(
        "Conv2dDepthwise",
        3,
        "17, 3, 3",
        "@Conv2d(out = 17, kernel = 3, padding = 1, groups = 17) Weighted depthwise();",
        "@Conv2d(out = 24, kernel = 1, bias = false) Weighted pointwise();");
    add(
        "Conv2dReflected",
        3,
        "3, 3, 3",
        "@Conv2d(out = 17, kernel = 3, padding = {2, 1}, paddingMode = PaddingMode.REFLECT)"
            + " Weighted conv();");
    add(
        "Conv3dPadded",
        3,
        "2, 2, 2, 3",
        "@Conv3d(out = 17, kernel = 2, padding = 1) Weighted c();");
    add(
        "ConvTransposed",
        3,
        "5, 3, 3",
        "@ConvTranspose2d(out = 17, kernel = 3, stride = 2, padding = 1, outputPadding = 1)"
            + " Weighted conv();");
    add("LinearTiles", 11, "17", "@Linear(out = 24) Weighted fc();");
    add("LinearOfSequences", 3, "5, 17", "@Linear(in = 17, out = 24) Weighted fc();");
    add("ScaledImages", 3, "17, 2, 3", "@Scale Weighted scale();");
  }

  private static void activations() {
    List<String> annotations =
        List.of(
            "@GELU",
            "@GELU(approximate = true)",
            "@Hardsigmoid",
            "@Hardswish",
            "@Hardtanh(min = -0.5, max = 1.2)",
            "@LeakyReLU(slope = 0.3)",
            "@ReLU",
            "@ReLU6",
            "@Sigmoid",
            "@SiLU",
            "@Tanh",
            "@Elementwise(type = dev.tenon.integration.soak.SoftSign.class, function = \"of\","
                + " derivative = \"slope\")");
    for (String annotation : annotations) {
      boolean isFunction = !annotation.matches("@(Hard|Leaky|ReLU).*");
      String name = annotation.replaceAll("^@|\\(.*", "");
      String kind = annotation.contains("approximate") ? name + "Approximate" : name;
      // In front of what sums, what compares, and what multiplies matrices.
      add(
          kind + "Pooled",
          3,
          "3, 2, 3",
          "@Conv2d(out = 24, kernel = 1) Weighted conv();",
          annotation + " Layer act();",
          "@AvgPool2d(kernel = 2) Layer pool();",
          annotation + " Layer act2();",
          "@GlobalAvgPool Layer all();",
          "@Linear(out = 5) Weighted head();");
      if (isFunction) {
        add(
            kind + "OfFeatures",
            5,
            "17",
            annotation + " Layer first();",
            "@Linear(out = 24) Weighted fc();",
            annotation + " Layer act();",
            "@Linear(out = 5) Weighted head();");
      }
    }
    add("SoftmaxOfFeatures", 5, "17", "@Softmax(axis = 1) Layer soft();");
    add("SoftmaxOfChannels", 3, "17, 2, 3", "@Softmax(axis = 1) Layer soft();");
    add("LogSoftmaxOfFeatures", 5, "24", "@LogSoftmax(axis = 1) Layer soft();");
    add("LogSoftmaxOfRows", 3, "5, 17", "@LogSoftmax(axis = -1) Layer soft();");
  }

  private static void shapes() {
    add(
        "Sum",
        3,
        "17, 3, 3",
        "@Tanh Layer tanh();",
        "@From({\"tanh\", Network.INPUT}) @Add Layer sum();");
    add(
        "Product",
        3,
        "17, 3, 3",
        "@Sigmoid Layer gate();",
        "@From({\"gate\", Network.INPUT}) @Multiply Layer product();");
    add(
        "Branches",
        3,
        "3, 4, 4",
        "@Conv2d(out = 17, kernel = 1) Weighted one();",
        "@From(Network.INPUT) @Conv2d(out = 7, kernel = 3, padding = 1) Weighted two();",
        "@From({\"one\", \"two\"}) @Concat Layer both();",
        "@Flatten Layer flat();",
        "@Linear(out = 5) Weighted head();");
    add(
        "Decoder",
        5,
        "7",
        "@Linear(out = 102) Weighted fc();",
        "@Reshape({17, 2, 3}) Layer image();",
        "@ConvTranspose2d(out = 5, kernel = 2, stride = 2) Weighted up();",
        "@Reshape({24, -1}) Layer across();");
    add("Upsampled", 3, "17, 3, 2", "@Upsample(scale = 2) Layer up();");
    add(
        "UpsampledBilinear",
        3,
        "5, 3, 4",
        "@Upsample(scale = 1.5, mode = Upsample.Mode.BILINEAR) Layer up();");
    add(
        "Dropped",
        5,
        "17",
        "@Linear(out = 24) Weighted fc();",
        "@Dropout(p = 0.3) Layer drop();",
        "@Linear(out = 5) Weighted head();");
    add("DroppedChannels", 3, "17, 3, 3", "@Dropout2d(p = 0.3) Layer drop();");
    NETWORKS.add(
        new SoakNetwork(
            "Embedded",
            "",
            List.of(
                "@IndexInput(3) Layer words();",
                "@Embedding(num = 7, dim = 17, paddingIndex = 2) Weighted vectors();",
                "@Flatten Layer flat();",
                "@Input(5) Layer numbers();",
                "@From({\"flat\", \"numbers\"}) @Concat Layer both();",
                "@Output @Linear(out = 5) Weighted kind();",
                "@Output @From(\"both\") @Linear(out = 1) Weighted price();"),
            5));
  }

  /** Neighbours share passes, buffers and kernels. */
  private static void compositions() {
    add("Mlp", 9, "17", mlp());
    add64("Mlp64", 9, "17", mlp());
    add("Cnn", 3, "3, 4, 4", cnn());
    add64("Cnn64", 3, "3, 4, 4", cnn());
    add("Residual", 3, "17, 1, 4", residual());
    add64("Residual64", 3, "17, 1, 4", residual());
  }

  private static String[] mlp() {
    return new String[] {
      "@Linear(out = 24, bias = false) Weighted fc1();",
      "@BatchNorm1d BatchNorm bn();",
      "@SiLU Layer act1();",
      "@Linear(out = 33) Weighted fc2();",
      "@LayerNorm Norm ln();",
      "@GELU Layer act2();",
      "@Linear(out = 5) Weighted head();",
      "@LogSoftmax(axis = 1) Layer soft();"
    };
  }

  private static String[] cnn() {
    return new String[] {
      "@Conv2d(out = 17, kernel = 3, padding = 1, bias = false) Weighted conv1();",
      "@BatchNorm2d BatchNorm bn1();",
      "@ReLU Layer relu1();",
      "@MaxPool2d(kernel = 2) Layer pool();",
      "@Conv2d(out = 24, kernel = 3, stride = 2, padding = 1, bias = false) Weighted conv2();",
      "@BatchNorm2d BatchNorm bn2();",
      "@Hardswish Layer act2();",
      "@Flatten Layer flat();",
      "@Linear(out = 5) Weighted head();"
    };
  }

  private static String[] residual() {
    return new String[] {
      "@Conv2d(out = 17, kernel = {1, 3}, padding = {0, 1}, bias = false) Weighted conv1();",
      "@BatchNorm2d BatchNorm bn1();",
      "@Tanh Layer act1();",
      "@Conv2d(out = 17, kernel = {1, 3}, padding = {0, 1}, bias = false) Weighted conv2();",
      "@GroupNorm(groups = 17) Norm gn();",
      "@From({\"act1\", \"gn\"}) @Add Layer sum();",
      "@GELU Layer act2();",
      "@GlobalAvgPool Layer pool();",
      "@Linear(out = 5) Weighted head();"
    };
  }
}
