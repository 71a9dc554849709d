package dev.tenon.integration;

import dev.tenon.integration.OnnxModel.Node;
import dev.tenon.integration.OnnxModel.OnnxTensor;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An ONNX graph as a Tenon network: each operation becomes a layer, each constant operand becomes
 * state of that layer. What has no layer is {@link OutOfScope}. Conventions of ONNX's are
 * translated here and nowhere in the library.
 */
final class OnnxNetwork {
  /** How each operation becomes layers. */
  private static final Map<String, BiConsumer<OnnxNetwork, Node>> OPERATORS =
      Map.ofEntries(
          Map.entry("AveragePool", OnnxNetwork::averagePool),
          Map.entry("BatchNormalization", OnnxNetwork::batchNorm),
          Map.entry("Clip", OnnxNetwork::clip),
          Map.entry("Constant", OnnxNetwork::constant),
          Map.entry("Conv", OnnxNetwork::convolution),
          Map.entry("ConvTranspose", OnnxNetwork::transposedConvolution),
          Map.entry("Dropout", OnnxNetwork::dropout),
          Map.entry("Flatten", OnnxNetwork::flatten),
          Map.entry("Gemm", OnnxNetwork::gemm),
          Map.entry("GlobalAveragePool", OnnxNetwork::globalAveragePool),
          Map.entry("HardSigmoid", OnnxNetwork::hardSigmoid),
          Map.entry("HardSwish", OnnxNetwork::hardSwish),
          Map.entry("InstanceNormalization", OnnxNetwork::instanceNorm),
          Map.entry("LayerNormalization", OnnxNetwork::layerNorm),
          Map.entry("LeakyRelu", OnnxNetwork::leakyRelu),
          Map.entry("LogSoftmax", OnnxNetwork::softmax),
          Map.entry("MatMul", OnnxNetwork::matMul),
          Map.entry("MaxPool", OnnxNetwork::maxPool),
          Map.entry("Relu", OnnxNetwork::relu),
          Map.entry("Resize", OnnxNetwork::resize),
          Map.entry("Sigmoid", OnnxNetwork::sigmoid),
          Map.entry("Softmax", OnnxNetwork::softmax),
          Map.entry("Squeeze", OnnxNetwork::squeeze),
          Map.entry("Tanh", OnnxNetwork::tanh),
          Map.entry("Transpose", OnnxNetwork::transpose),
          Map.entry("Unsqueeze", OnnxNetwork::unsqueeze),
          Map.entry("Upsample", OnnxNetwork::upsample));

  /** There is no layer for it, by design. */
  static final class OutOfScope extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutOfScope(String reason) {
      super(reason);
    }
  }

  /** A running statistic that ONNX gives as an output. */
  record Statistic(String state, boolean isVariance) {}

  private final Map<String, OnnxTensor> constants;
  private final List<String> members = new ArrayList<>();
  private final Map<String, float[]> state = new LinkedHashMap<>();
  private final Map<String, Statistic> statistics = new LinkedHashMap<>();

  /** The value that the next layer reads. */
  private String data;

  /** Its shape, with the batch. */
  private int[] shape;

  private float[] values;
  private int[] input;
  private boolean training;
  private double momentum;

  /**
   * Translates a graph.
   *
   * @param data the values of the graph's inputs; the first is what flows, the others are constants
   */
  OnnxNetwork(OnnxModel model, List<OnnxTensor> data) {
    constants = new LinkedHashMap<>(model.constants());
    for (int i = 1; i < data.size(); i++) {
      constants.put(model.inputs().get(i), data.get(i));
    }
    OnnxTensor x = data.get(0);
    if (!x.isFloat()) {
      throw new OutOfScope("elements are float32 or float64");
    }
    this.data = model.inputs().get(0);
    this.values = x.values();
    this.shape = x.shape().length == 1 ? new int[] {1, x.shape()[0]} : x.shape();
    for (Node node : model.nodes()) {
      OPERATORS.getOrDefault(node.operator(), OnnxNetwork::refuse).accept(this, node);
    }
  }

  /** The attributes of {@code @Network}. */
  String network() {
    return "input = {" + join(Arrays.copyOfRange(input, 1, input.length)) + "}";
  }

  List<String> members() {
    return members;
  }

  /** Whether the case is about a training step. */
  boolean isTraining() {
    return training;
  }

  Tensor input() {
    return Tensor.of(values, input);
  }

  /** Sets the state that the graph's constants are. */
  void load(SingleModel model) {
    state.forEach(
        (name, loaded) -> {
          Tensor tensor = model.state().tensors().get(name);
          tensor.copyFrom(Tensor.of(loaded.clone(), tensor.shape()));
        });
  }

  /** The running statistics among the outputs, by the names of the outputs. */
  Map<String, Statistic> statistics() {
    return statistics;
  }

  /**
   * A running statistic as ONNX defines it. Its variance is the population's, ours is unbiased:
   * what the last batch added is scaled by (M - 1) / M.
   *
   * @param now values after one training step
   */
  double[] asOnnx(Statistic statistic, double[] now) {
    if (!statistic.isVariance()) {
      return now;
    }
    float[] before = state.get(statistic.state());
    double count = OnnxModel.size(shape) / (double) shape[1];
    double[] converted = new double[now.length];
    for (int i = 0; i < now.length; i++) {
      double kept = (1 - momentum) * before[i];
      converted[i] = kept + (now[i] - kept) * (count - 1) / count;
    }
    return converted;
  }

  // ------------------------------------------------------------------------------- the operations

  private void refuse(Node node) {
    throw new OutOfScope("there is no layer for " + node.operator());
  }

  private void relu(Node node) {
    layer(node, "@ReLU", "Layer", shape);
  }

  private void sigmoid(Node node) {
    layer(node, "@Sigmoid", "Layer", shape);
  }

  private void tanh(Node node) {
    layer(node, "@Tanh", "Layer", shape);
  }

  private void hardSwish(Node node) {
    layer(node, "@Hardswish", "Layer", shape);
  }

  private void hardSigmoid(Node node) {
    if (node.real("alpha", 0.2f) != 1 / 6f || node.real("beta", 0.5f) != 0.5f) {
      throw new OutOfScope("a hard sigmoid rises by 1/6, as in PyTorch");
    }
    layer(node, "@Hardsigmoid", "Layer", shape);
  }

  private void leakyRelu(Node node) {
    layer(node, "@LeakyReLU(slope = " + node.real("alpha", 0.01f) + ")", "Layer", shape);
  }

  /** The bounds are attributes in old versions, and inputs that may be left out in newer ones. */
  private void clip(Node node) {
    layer(
        node,
        "@Hardtanh(min = "
            + bound(node, 1, "min", "Double.NEGATIVE_INFINITY")
            + ", max = "
            + bound(node, 2, "max", "Double.POSITIVE_INFINITY")
            + ")",
        "Layer",
        shape);
  }

  private String bound(Node node, int operand, String attribute, String none) {
    boolean given = node.inputs().size() > operand && !node.inputs().get(operand).isEmpty();
    float written = node.real(attribute, Float.NaN);
    if (!given && Float.isNaN(written)) {
      return none;
    }
    return String.valueOf(given ? constant(node, operand).values()[0] : written);
  }

  private void softmax(Node node) {
    int axis = node.integer("axis", -1);
    if (axis == 0 || axis == -shape.length) {
      throw new OutOfScope("the batch axis stays by itself");
    }
    layer(node, "@" + node.operator() + "(axis = " + axis + ")", "Layer", shape);
  }

  private void transposedConvolution(Node node) {
    OnnxTensor weight = constant(node, 1);
    int axes = shape.length - 2;
    if (axes != 2) {
      throw new OutOfScope("there is a transposed convolution of images only");
    }
    if (!node.text("auto_pad", "NOTSET").equals("NOTSET") || node.has("output_shape")) {
      throw new OutOfScope("padding is written, not found");
    }
    int groups = node.integer("group", 1);
    int out = weight.shape()[1] * groups;
    int[] kernel = Arrays.copyOfRange(weight.shape(), 2, 4);
    int[] stride = node.integers("strides", 1, 1);
    int[] dilation = node.integers("dilations", 1, 1);
    int[] more = node.integers("output_padding", 0, 0);
    int[] pads = node.integers("pads", 0, 0, 0, 0);
    int[] output = {shape[0], out, 0, 0};
    for (int axis = 0; axis < 2; axis++) {
      // Unequal padding that leaves more behind is output padding.
      more[axis] += pads[axis] - pads[axis + 2];
      output[axis + 2] =
          (shape[axis + 2] - 1) * stride[axis]
              - 2 * pads[axis]
              + dilation[axis] * (kernel[axis] - 1)
              + more[axis]
              + 1;
    }
    boolean bias = node.inputs().size() > 2;
    String name =
        layer(
            node,
            "@ConvTranspose2d(out = "
                + out
                + ", kernel = {"
                + join(kernel)
                + "}, stride = {"
                + join(stride)
                + "}, padding = {"
                + join(Arrays.copyOf(pads, 2))
                + "}, outputPadding = {"
                + join(more)
                + "}, dilation = {"
                + join(dilation)
                + "}, groups = "
                + groups
                + ", bias = "
                + bias
                + ")",
            "Weighted",
            output);
    state.put(name + ".weight", weight.values());
    if (bias) {
      state.put(name + ".bias", constant(node, 2).values());
    }
  }

  /** The old name of a resize that repeats pixels. */
  private void upsample(Node node) {
    resized(node, constant(node, 1).values(), null, "");
  }

  private void resize(Node node) {
    String mode = node.text("mode", "nearest");
    String place = node.text("coordinate_transformation_mode", "half_pixel");
    if (mode.equals("cubic")) {
      throw new OutOfScope("an upsampling repeats pixels or interpolates linearly");
    }
    boolean sized = node.inputs().size() > 3 && !node.inputs().get(3).isEmpty();
    int[] sizes = sized ? constant(node, 3).integers() : null;
    float[] scales = sized ? null : constant(node, 2).values();
    if (mode.equals("linear")) {
      if (!place.equals("half_pixel") && !place.equals("align_corners")) {
        throw new OutOfScope("positions are those of pixels' centres, or of aligned corners");
      }
      if (place.equals("align_corners") && scales != null && !isWhole(scales)) {
        throw new OutOfScope("corners are those of the output, whose size is whole");
      }
      resized(
          node,
          scales,
          sizes,
          ", mode = Upsample.Mode.BILINEAR, alignCorners = " + place.equals("align_corners"));
      return;
    }
    String rounding = node.text("nearest_mode", "round_prefer_floor");
    boolean floors = place.equals("asymmetric") && rounding.equals("floor");
    // Rounding the centre of a whole scale is the same.
    boolean whole =
        scales != null
            && scales[2] == Math.rint(scales[2])
            && scales[3] == Math.rint(scales[3])
            && place.equals("half_pixel")
            && rounding.equals("round_prefer_floor");
    if (!floors && !whole) {
      throw new OutOfScope("the nearest pixel is rounded down, as in PyTorch");
    }
    resized(node, scales, sizes, "");
  }

  private boolean isWhole(float[] scales) {
    return IntStream.range(0, scales.length).allMatch(axis -> shape[axis] * scales[axis] % 1 == 0);
  }

  private void resized(Node node, float[] scales, int[] sizes, String options) {
    int[] output = shape.clone();
    for (int axis = 2; axis < 4; axis++) {
      output[axis] = scales == null ? sizes[axis] : (int) (shape[axis] * scales[axis]);
    }
    layer(
        node,
        "@Upsample("
            + (scales == null
                ? "size = {" + sizes[2] + ", " + sizes[3] + "}"
                : "scale = {" + scales[2] + ", " + scales[3] + "}")
            + options
            + ")",
        "Layer",
        output);
  }

  private void globalAveragePool(Node node) {
    layer(node, "@GlobalAvgPool", "Layer", new int[] {shape[0], shape[1]});
  }

  private void flatten(Node node) {
    int axis = node.integer("axis", 1);
    if (axis != 1 && axis + shape.length != 1) {
      throw new OutOfScope("the batch axis stays by itself");
    }
    layer(node, "@Flatten", "Layer", new int[] {shape[0], OnnxModel.size(shape) / shape[0]});
  }

  private void dropout(Node node) {
    float rate = node.real("ratio", 0.5f);
    if (node.inputs().size() > 1 && constants.containsKey(node.inputs().get(1))) {
      rate = constant(node, 1).values()[0];
    }
    // The flag is a bool, and all cases that pass it set it.
    training = node.inputs().size() > 2;
    if (training && rate != 0) {
      throw new OutOfScope("the mask is that of another random number generator");
    }
    layer(node, "@Dropout(p = " + rate + ")", "Layer", shape);
  }

  private void batchNorm(Node node) {
    training = node.integer("training_mode", 0) == 1;
    momentum =
        BigDecimal.ONE
            .subtract(new BigDecimal(Float.toString(node.real("momentum", 0.9f))))
            .doubleValue();
    String name =
        layer(
            node,
            "@BatchNorm"
                + Math.max(1, shape.length - 2)
                + "d(eps = "
                + node.real("epsilon", 1e-5f)
                + ", momentum = "
                + momentum
                + ")",
            "BatchNorm",
            shape);
    state.put(name + ".weight", constant(node, 1).values());
    state.put(name + ".bias", constant(node, 2).values());
    state.put(name + ".running_mean", constant(node, 3).values());
    state.put(name + ".running_var", constant(node, 4).values());
    if (training) {
      statistics.put(node.outputs().get(1), new Statistic(name + ".running_mean", false));
      statistics.put(node.outputs().get(2), new Statistic(name + ".running_var", true));
    }
  }

  private void instanceNorm(Node node) {
    String name =
        layer(
            node,
            "@InstanceNorm"
                + (shape.length - 2)
                + "d(affine = true, eps = "
                + node.real("epsilon", 1e-5f)
                + ")",
            "InstanceNorm",
            shape);
    state.put(name + ".weight", constant(node, 1).values());
    state.put(name + ".bias", constant(node, 2).values());
  }

  /** From an axis on, which may be that of the batch: then the whole tensor is one sample. */
  private void layerNorm(Node node) {
    int axis = node.integer("axis", -1);
    axis = axis < 0 ? axis + shape.length : axis;
    if (axis == 0) {
      if (!members.isEmpty()) {
        throw new OutOfScope("the batch axis stays by itself");
      }
      int[] one = new int[shape.length + 1];
      one[0] = 1;
      System.arraycopy(shape, 0, one, 1, shape.length);
      shape = one;
      axis = 1;
    }
    String name =
        layer(
            node,
            "@LayerNorm(shape = {"
                + join(Arrays.copyOfRange(shape, axis, shape.length))
                + "}, eps = "
                + node.real("epsilon", 1e-5f)
                + ")",
            "Norm",
            shape);
    state.put(name + ".weight", constant(node, 1).values());
    state.put(name + ".bias", constant(node, 2).values());
  }

  private void convolution(Node node) {
    OnnxTensor weight = constant(node, 1);
    boolean bias = node.inputs().size() > 2;
    Windows windows = new Windows(node, false);
    int out = weight.shape()[0];
    String name =
        layer(
            node,
            "@Conv"
                + windows.axes
                + "d(out = "
                + out
                + windows.attributes()
                + ", groups = "
                + node.integer("group", 1)
                + ", bias = "
                + bias
                + ")",
            "Weighted",
            windows.output(out));
    state.put(name + ".weight", weight.values());
    if (bias) {
      state.put(name + ".bias", constant(node, 2).values());
    }
  }

  private void maxPool(Node node) {
    Windows windows = new Windows(node, true);
    layer(
        node,
        "@MaxPool"
            + windows.axes
            + "d(ceilMode = "
            + (windows.ceil == 1)
            + windows.attributes()
            + ")",
        "Layer",
        windows.output(shape[1]));
  }

  private void averagePool(Node node) {
    Windows windows = new Windows(node, true);
    layer(
        node,
        "@AvgPool"
            + windows.axes
            + "d(ceilMode = "
            + (windows.ceil == 1)
            + windows.attributes()
            + ", countIncludePad = "
            + (node.integer("count_include_pad", 0) == 1)
            + ")",
        "Layer",
        windows.output(shape[1]));
  }

  /** {@code alpha * A' * B' + beta * C}, where a prime may be a transposition. */
  private void gemm(Node node) {
    if (node.integer("transA", 0) == 1) {
      if (!members.isEmpty()) {
        throw new OutOfScope("no layer exchanges samples and features");
      }
      values = transposed(values, shape[0]);
      shape = new int[] {shape[1], shape[0]};
    }
    OnnxTensor b = constant(node, 1);
    boolean outFirst = node.integer("transB", 0) == 1;
    int out = b.shape()[outFirst ? 0 : 1];
    float[] weight = outFirst ? b.values() : transposed(b.values(), b.shape()[0]);
    boolean bias = node.inputs().size() > 2 && node.real("beta", 1) != 0;
    String name =
        layer(
            node,
            "@Linear(out = " + out + ", bias = " + bias + ")",
            "Weighted",
            new int[] {shape[0], out});
    state.put(name + ".weight", scaled(weight, node.real("alpha", 1)));
    if (bias) {
      OnnxTensor c = constant(node, 2);
      int length = c.values().length;
      if (length != 1 && length != out) {
        throw new OutOfScope("a bias is the same for every sample");
      }
      float[] each = new float[out];
      IntStream.range(0, out).forEach(o -> each[o] = c.values()[length == 1 ? 0 : o]);
      state.put(name + ".bias", scaled(each, node.real("beta", 1)));
    }
  }

  private void matMul(Node node) {
    OnnxTensor b = constant(node, 1);
    int out = b.shape()[1];
    String name =
        layer(
            node,
            "@Linear(out = " + out + ", bias = false)",
            "Weighted",
            new int[] {shape[0], out});
    state.put(name + ".weight", transposed(b.values(), b.shape()[0]));
  }

  // ------------------------------------------------- what is no layer, but arranges values

  private void constant(Node node) {
    constants.put(node.outputs().get(0), node.tensor("value"));
  }

  /** Of a constant matrix. */
  private void transpose(Node node) {
    OnnxTensor tensor = constant(node, 0);
    int[] turned = {tensor.shape()[1], tensor.shape()[0]};
    String output = node.outputs().get(0);
    constants.put(
        output, new OnnxTensor(output, turned, transposed(tensor.values(), tensor.shape()[0])));
  }

  /** One axis more, at the end of the network's input. */
  private void unsqueeze(Node node) {
    require(node, members.isEmpty() && node.integers("axes")[0] == shape.length);
    shape = Arrays.copyOf(shape, shape.length + 1);
    shape[shape.length - 1] = 1;
    data = node.outputs().get(0);
  }

  /** The last axis less; the values are the same. */
  private void squeeze(Node node) {
    require(node, node.integers("axes")[0] == shape.length - 1 && shape[shape.length - 1] == 1);
    shape = Arrays.copyOf(shape, shape.length - 1);
    data = node.outputs().get(0);
  }

  private static void require(Node node, boolean condition) {
    if (!condition) {
      throw new IllegalArgumentException("cannot arrange " + node);
    }
  }

  /** Adds a layer behind the others; gives its name. */
  private String layer(Node node, String annotation, String view, int[] output) {
    if (!node.inputs().get(0).equals(data)) {
      throw new OutOfScope("each layer reads the one before");
    }
    if (members.isEmpty()) {
      input = shape;
    }
    String name = "l" + members.size();
    members.add(annotation + " " + view + " " + name + "();");
    shape = output;
    data = node.outputs().get(0);
    return name;
  }

  private OnnxTensor constant(Node node, int operand) {
    OnnxTensor tensor = constants.get(node.inputs().get(operand));
    if (tensor == null) {
      throw new OutOfScope("weights and biases are state, not the output of a layer");
    }
    return tensor;
  }

  private static float[] transposed(float[] matrix, int rows) {
    int columns = matrix.length / rows;
    float[] turned = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = matrix[row * columns + column];
      }
    }
    return turned;
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  private static String join(int[] numbers) {
    return IntStream.of(numbers).mapToObj(String::valueOf).collect(Collectors.joining(", "));
  }

  /** Kernel, stride, padding and dilation of a convolution or a pool, for each axis. */
  private final class Windows {
    final int axes = shape.length - 2;
    final int ceil;
    private final int[] kernel;
    private final int[] stride;
    private final int[] padding = new int[axes];
    private final int[] dilation;

    Windows(Node node, boolean pool) {
      int[] ones = IntStream.range(0, axes).map(axis -> 1).toArray();
      kernel = node.integers("kernel_shape");
      stride = node.integers("strides", ones);
      dilation = node.integers("dilations", ones);
      ceil = node.integer("ceil_mode", 0);
      int[] pads = node.integers("pads", new int[2 * axes]);
      for (int axis = 0; axis < axes; axis++) {
        int before = pads[axis];
        int after = pads[axis + axes];
        if (node.text("auto_pad", "NOTSET").startsWith("SAME")) {
          int size = shape[2 + axis];
          int windows = (size + stride[axis] - 1) / stride[axis];
          int total = Math.max(0, (windows - 1) * stride[axis] + covered(axis) - size);
          before = total / 2;
          after = total - before;
        }
        if (before != after) {
          throw new OutOfScope("padding is the same on both sides of an axis");
        }
        if (pool && before > covered(axis) / 2) {
          throw new OutOfScope("a pool's padding is at most half its kernel, as in PyTorch");
        }
        padding[axis] = before;
      }
    }

    private int covered(int axis) {
      return dilation[axis] * (kernel[axis] - 1) + 1;
    }

    /** Behind an attribute that comes first. */
    String attributes() {
      // An average pool has no dilation, and no case asks for one.
      boolean dilated = IntStream.of(dilation).anyMatch(d -> d != 1);
      return ", kernel = "
          + each(kernel)
          + ", stride = "
          + each(stride)
          + ", padding = "
          + each(padding)
          + (dilated ? ", dilation = " + each(dilation) : "");
    }

    private static String each(int[] values) {
      return values.length == 1 ? String.valueOf(values[0]) : "{" + join(values) + "}";
    }

    int[] output(int channels) {
      int[] output = new int[shape.length];
      output[0] = shape[0];
      output[1] = channels;
      for (int axis = 0; axis < axes; axis++) {
        int room = shape[2 + axis] + 2 * padding[axis] - covered(axis);
        output[2 + axis] = (room + ceil * (stride[axis] - 1)) / stride[axis] + 1;
      }
      return output;
    }
  }
}
