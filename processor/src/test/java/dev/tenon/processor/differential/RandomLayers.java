package dev.tenon.processor.differential;

import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Draws one layer behind the other, or behind one that stands further up. It follows the shapes, so
 * that most of what it draws is right; whether it is, the compiler's front end says.
 */
final class RandomLayers extends RandomAttributes {
  private static final int LAYER = 1;
  private static final int COMMON = 3;
  private static final int UNLIMITED = 9;
  private static final int MOST_ATTEMPTS = 100;
  private static final String INPUT = "the input";

  /** What the method of the input is called, if it has one. */
  private static final String NAME = "x";

  /** How one layer is drawn. */
  private record Kind(
      String annotation, int fromRank, int toRank, int weight, Function<RandomLayers, Drawn> draw) {
    boolean isBatchNorm() {
      return annotation.startsWith("BatchNorm");
    }
  }

  /**
   * One layer.
   *
   * @param view what its method returns
   * @param shape of an output sample
   * @param work operations a sample
   * @param others names of what it reads besides the value at hand, some of them before it
   */
  private record Drawn(
      String view, List<String> attributes, List<Integer> shape, long work, List<String> others) {
    Drawn(String view, List<String> attributes, List<Integer> shape, long work) {
      this(view, attributes, shape, work, List.of());
    }
  }

  /** A new layer is one line here, for every rank of a sample that it takes. */
  private static final List<Kind> ALL =
      List.of(
          new Kind("AdaptiveAvgPool1d", 2, 2, LAYER, RandomLayers::adaptiveAvgPool),
          new Kind("AdaptiveAvgPool2d", 3, 3, LAYER, RandomLayers::adaptiveAvgPool),
          new Kind("AdaptiveAvgPool3d", 4, 4, LAYER, RandomLayers::adaptiveAvgPool),
          new Kind("Add", 1, UNLIMITED, LAYER, RandomLayers::join),
          new Kind("AvgPool1d", 2, 2, LAYER, d -> d.pool(false)),
          new Kind("AvgPool2d", 3, 3, LAYER, d -> d.pool(false)),
          new Kind("AvgPool3d", 4, 4, LAYER, d -> d.pool(false)),
          new Kind("BatchNorm1d", 1, 2, COMMON, d -> d.batchNorm("features")),
          new Kind("BatchNorm2d", 3, 3, COMMON, d -> d.batchNorm("channels")),
          new Kind("BatchNorm3d", 4, 4, COMMON, d -> d.batchNorm("channels")),
          new Kind("Concat", 1, UNLIMITED, LAYER, RandomLayers::concat),
          new Kind("Conv1d", 2, 2, COMMON, RandomLayers::convolution),
          new Kind("Conv2d", 3, 3, COMMON, RandomLayers::convolution),
          new Kind("Conv3d", 4, 4, COMMON, RandomLayers::convolution),
          new Kind("ConvTranspose2d", 3, 3, COMMON, RandomLayers::transposed),
          new Kind("Dropout", 1, UNLIMITED, LAYER, RandomLayers::dropout),
          new Kind("Dropout2d", 3, 3, LAYER, RandomLayers::dropout),
          new Kind("Elementwise", 1, UNLIMITED, LAYER, RandomLayers::elementwise),
          new Kind("Flatten", 2, UNLIMITED, LAYER, RandomLayers::flatten),
          new Kind("GELU", 1, UNLIMITED, LAYER, RandomLayers::gelu),
          new Kind("GlobalAvgPool", 2, UNLIMITED, LAYER, RandomLayers::globalAvgPool),
          new Kind("GroupNorm", 1, UNLIMITED, COMMON, RandomLayers::groupNorm),
          new Kind("Hardsigmoid", 1, UNLIMITED, LAYER, RandomLayers::activation),
          new Kind("Hardswish", 1, UNLIMITED, LAYER, RandomLayers::activation),
          new Kind("Hardtanh", 1, UNLIMITED, LAYER, RandomLayers::hardtanh),
          new Kind("InstanceNorm1d", 2, 2, COMMON, RandomLayers::instanceNorm),
          new Kind("InstanceNorm2d", 3, 3, COMMON, RandomLayers::instanceNorm),
          new Kind("InstanceNorm3d", 4, 4, COMMON, RandomLayers::instanceNorm),
          new Kind("LayerNorm", 1, UNLIMITED, COMMON, RandomLayers::layerNorm),
          new Kind("LeakyReLU", 1, UNLIMITED, LAYER, RandomLayers::leakyRelu),
          new Kind("Linear", 1, UNLIMITED, COMMON, RandomLayers::linear),
          new Kind("LogSoftmax", 1, UNLIMITED, LAYER, RandomLayers::softmax),
          new Kind("MaxPool1d", 2, 2, LAYER, d -> d.pool(true)),
          new Kind("MaxPool2d", 3, 3, LAYER, d -> d.pool(true)),
          new Kind("MaxPool3d", 4, 4, LAYER, d -> d.pool(true)),
          new Kind("Multiply", 1, UNLIMITED, LAYER, RandomLayers::join),
          new Kind("ReLU", 1, UNLIMITED, COMMON, RandomLayers::activation),
          new Kind("ReLU6", 1, UNLIMITED, LAYER, RandomLayers::activation),
          new Kind("Reshape", 1, UNLIMITED, LAYER, RandomLayers::reshape),
          new Kind("Scale", 1, UNLIMITED, LAYER, RandomLayers::scale),
          new Kind("SiLU", 1, UNLIMITED, LAYER, RandomLayers::activation),
          new Kind("Sigmoid", 1, UNLIMITED, LAYER, RandomLayers::activation),
          new Kind("Softmax", 1, UNLIMITED, LAYER, RandomLayers::softmax),
          new Kind("Tanh", 1, UNLIMITED, LAYER, RandomLayers::activation),
          new Kind("Upsample", 3, 3, LAYER, RandomLayers::upsample));

  private static final List<Kind> KINDS =
      ALL.stream().filter(kind -> LayerTypes.of(kind.annotation()).isPresent()).toList();

  /** Shapes of everything that can be read, in the order in which it is declared. */
  private final Map<String, List<Integer>> values = new LinkedHashMap<>();

  private final Set<String> unread = new LinkedHashSet<>();
  private final double branches;
  private final boolean named;

  /** The value that the next layer reads, and its shape. */
  private String source = INPUT;

  private List<Integer> shape;
  private long work;

  /**
   * Starts at an input.
   *
   * @param input shape of a sample
   * @param named whether the input has a name, so that there may be others
   */
  RandomLayers(SplittableRandom random, List<Integer> input, boolean named) {
    super(random);
    this.shape = input;
    this.named = named;
    values.put(INPUT, input);
    if (named) {
      unread.add(INPUT);
    }
    branches = chance(0.5) ? 0.3 : 0;
  }

  /** The annotations that can be drawn. */
  static Set<String> annotations() {
    return Stream.concat(KINDS.stream().map(Kind::annotation), Stream.of("Embedding"))
        .collect(Collectors.toSet());
  }

  /**
   * Declares the input with its name, and up to two inputs of indices with an embedding each.
   *
   * @param numbers what decides how many, and of which sizes
   */
  List<String> inputs(SplittableRandom numbers) {
    List<String> members = new ArrayList<>();
    members.add(
        "@Input({"
            + shape.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + "}) Layer "
            + NAME
            + "();");
    int count = numbers.nextInt(3);
    for (int i = 0; i < count; i++) {
      List<Integer> output = new ArrayList<>();
      for (int axes = numbers.nextInt(3); axes > 0; axes--) {
        output.add(1 + numbers.nextInt(4));
      }
      String sizes = output.stream().map(String::valueOf).collect(Collectors.joining(", "));
      int rows = 1 + numbers.nextInt(6);
      int dim = 1 + numbers.nextInt(20);
      String padding =
          numbers.nextBoolean() ? "" : ", paddingIndex = " + (numbers.nextInt(2 * rows) - rows);
      members.add("@IndexInput({" + sizes + "}) Layer i" + i + "();");
      members.add(
          "@Embedding(num = " + rows + ", dim = " + dim + padding + ") Weighted e" + i + "();");
      output.add(dim);
      values.put("e" + i, output);
      unread.add("e" + i);
      work += output.stream().reduce(1, (a, b) -> a * b);
    }
    return members;
  }

  /** Whether there is a batch norm for samples of this rank. */
  static boolean normalises(int rank) {
    return KINDS.stream()
        .anyMatch(k -> k.isBatchNorm() && k.fromRank() <= rank && rank <= k.toRank());
  }

  /** Operations a sample, of all layers so far. */
  long work() {
    return work;
  }

  /**
   * Draws the next layer.
   *
   * @param name of its method
   * @param batchNorm whether it has to be a batch norm
   * @param mostWork of all layers together
   */
  String next(String name, boolean batchNorm, long mostWork) {
    List<String> names = List.copyOf(values.keySet());
    source = names.get(chance(branches) ? random.nextInt(names.size()) : names.size() - 1);
    shape = values.get(source);
    List<Kind> bag =
        KINDS.stream()
            .filter(k -> k.fromRank() <= shape.size() && shape.size() <= k.toRank())
            .filter(k -> k.isBatchNorm() || !batchNorm)
            .flatMap(k -> Collections.nCopies(k.weight(), k).stream())
            .toList();
    for (int attempt = 0; ; attempt++) {
      Kind kind = bag.get(random.nextInt(bag.size()));
      attributes.clear();
      Drawn drawn = kind.draw().apply(this);
      // After so many attempts nothing cheap enough fits; the layer is as good as any other.
      if (work + drawn.work() <= mostWork || attempt == MOST_ATTEMPTS) {
        work += drawn.work();
        List<String> sources = new ArrayList<>(drawn.others());
        sources.add(random.nextInt(sources.size() + 1), source);
        return declare(name, kind.annotation(), drawn, sources);
      }
    }
  }

  private String declare(String name, String annotation, Drawn drawn, List<String> sources) {
    List<String> names = List.copyOf(values.keySet());
    String last = names.get(names.size() - 1);
    String from =
        sources.equals(List.of(last))
            ? ""
            : sources.stream()
                .map(this::written)
                .collect(Collectors.joining(", ", "@From({", "}) "));
    String options =
        drawn.attributes().isEmpty() ? "" : "(" + String.join(", ", drawn.attributes()) + ")";
    sources.forEach(unread::remove);
    unread.add(name);
    values.put(name, drawn.shape());
    return from + "@" + annotation + options + " " + drawn.view() + " " + name + "();";
  }

  private String written(String value) {
    if (!value.equals(INPUT)) {
      return '"' + value + '"';
    }
    return named ? '"' + NAME + '"' : "Network.INPUT";
  }

  /**
   * Joins all that nobody reads, so that nothing is left but the output.
   *
   * @param name begins the names of the layers
   */
  List<String> join(String name) {
    List<String> layers = new ArrayList<>();
    if (unread.size() == 1) {
      return layers;
    }
    for (String loose : List.copyOf(unread)) {
      shape = values.get(loose);
      if (shape.size() > 1) {
        Drawn flat = new Drawn("Layer", List.of(), List.of(size()), size());
        layers.add(declare(name + "Flat" + layers.size(), "Flatten", flat, List.of(loose)));
      }
    }
    List<String> sources = List.copyOf(unread);
    int size = sources.stream().mapToInt(s -> values.get(s).get(0)).sum();
    layers.add(
        declare(name, "Concat", new Drawn("Layer", List.of(), List.of(size), size), sources));
    return layers;
  }

  /** One or two values, as those that differ from the one at hand along this axis at most. */
  private List<String> others(int axis) {
    List<String> fitting =
        values.entrySet().stream()
            .filter(value -> value.getValue().size() == shape.size())
            .filter(
                value ->
                    IntStream.range(0, shape.size())
                        .allMatch(d -> d == axis || value.getValue().get(d).equals(shape.get(d))))
            .map(Map.Entry::getKey)
            .toList();
    List<String> apart = fitting.stream().filter(name -> !name.equals(source)).toList();
    List<String> drawn = new ArrayList<>();
    for (int i = extent(chance(0.8) ? 1 : 2); i > 0; i--) {
      List<String> from = apart.isEmpty() || chance(0.1) ? fitting : apart;
      drawn.add(from.get(random.nextInt(from.size())));
    }
    return drawn;
  }

  // -------------------------------------------------------------------------------- the layers

  private Drawn layer(List<Integer> output, long operations) {
    return new Drawn("Layer", List.copyOf(attributes), output, operations);
  }

  private Drawn weighted(List<Integer> output, long operations) {
    return new Drawn("Weighted", List.copyOf(attributes), output, operations);
  }

  private Drawn batchNorm(String size) {
    if (chance(0.2)) {
      attributes.add(size + " = " + shape.get(0));
    }
    maybeEps();
    if (chance(0.15)) {
      attributes.add("cumulative = true");
    } else if (chance(0.4)) {
      attributes.add(momentum());
    }
    if (chance(0.2)) {
      attributes.add("affine = false");
    } else if (chance(0.2)) {
      attributes.add("bias = false");
    }
    if (chance(0.2)) {
      attributes.add("trackRunningStats = false");
    } else if (chance(0.15)) {
      attributes.add("frozen = true");
    }
    Collections.shuffle(attributes, new Random(random.nextLong()));
    return normalisation("BatchNorm");
  }

  private Drawn instanceNorm() {
    channelsAndEps();
    if (chance(0.6)) {
      attributes.add("affine = true");
      maybeWithoutBias();
    }
    if (chance(0.5)) {
      attributes.add("trackRunningStats = true");
      if (chance(0.4)) {
        attributes.add(momentum());
      }
      if (chance(0.2)) {
        attributes.add("frozen = true");
      }
    }
    return normalisation("InstanceNorm");
  }

  private Drawn groupNorm() {
    attributes.add("groups = " + divisor(shape.get(0)));
    channelsAndEps();
    affineOrNot();
    return normalisation("Norm");
  }

  private Drawn layerNorm() {
    int axes = extent(shape.size());
    if (axes > 1 || shape.size() > 1 || chance(0.3)) {
      attributes.add(
          "shape = "
              + shape.subList(shape.size() - axes, shape.size()).stream()
                  .map(String::valueOf)
                  .collect(Collectors.joining(", ", "{", "}")));
    }
    maybeEps();
    affineOrNot();
    return normalisation("Norm");
  }

  private void channelsAndEps() {
    if (chance(0.2)) {
      attributes.add("channels = " + shape.get(0));
    }
    maybeEps();
  }

  private Drawn normalisation(String view) {
    return new Drawn(view, List.copyOf(attributes), shape, 4L * size());
  }

  private Drawn join() {
    List<String> others = others(-1);
    return new Drawn("Layer", List.of(), shape, (long) size() * others.size(), others);
  }

  private Drawn concat() {
    int axis = chance(0.6) ? 0 : random.nextInt(shape.size());
    if (axis != 0 || chance(0.2)) {
      attributes.add("axis = " + (chance(0.5) ? axis + 1 : axis - shape.size()));
    }
    List<String> others = others(axis);
    List<Integer> output = new ArrayList<>(shape);
    for (String other : others) {
      output.set(axis, output.get(axis) + values.get(other).get(axis));
    }
    return new Drawn("Layer", List.copyOf(attributes), output, size(output), others);
  }

  private Drawn linear() {
    int in = shape.get(shape.size() - 1);
    int out = extent(chance(0.1) ? 70 : 20);
    attributes.add("out = " + out);
    if (chance(0.2)) {
      attributes.add("in = " + in);
    }
    if (chance(0.4)) {
      attributes.add("bias = false");
    }
    List<Integer> output = new ArrayList<>(shape);
    output.set(shape.size() - 1, out);
    return weighted(output, (long) size() * out);
  }

  private Drawn activation() {
    return layer(shape, size());
  }

  private Drawn gelu() {
    if (chance(0.5)) {
      attributes.add("approximate = true");
    }
    return activation();
  }

  private Drawn hardtanh() {
    if (chance(0.5)) {
      attributes.add("min = " + pick("-2", "0", "-0.25"));
      attributes.add("max = " + pick("0.5", "3", "Double.POSITIVE_INFINITY"));
    }
    return activation();
  }

  private Drawn leakyRelu() {
    if (chance(0.6)) {
      attributes.add("slope = " + pick("0.3", "0.0", "-0.5", "1.0"));
    }
    return activation();
  }

  private Drawn softmax() {
    int axis = extent(shape.size());
    attributes.add("axis = " + (chance(0.5) ? axis : axis - shape.size() - 1));
    return activation();
  }

  private Drawn adaptiveAvgPool() {
    int[] out = new int[shape.size() - 1];
    List<Integer> output = new ArrayList<>(List.of(shape.get(0)));
    for (int i = 0; i < out.length; i++) {
      int size = shape.get(1 + i);
      out[i] = chance(0.5) ? divisor(size) : extent(size + 2);
      output.add(out[i]);
    }
    add("out", out, 0);
    return layer(output, (long) size() * 4);
  }

  private Drawn upsample() {
    boolean bilinear = chance(0.5);
    if (bilinear) {
      attributes.add("mode = Upsample.Mode.BILINEAR");
      if (chance(0.3)) {
        attributes.add("alignCorners = true");
      }
    }
    int[] target = new int[2];
    List<Integer> output = new ArrayList<>(List.of(shape.get(0)));
    if (chance(0.6)) {
      for (int i = 0; i < 2; i++) {
        target[i] = extent(3);
        output.add(shape.get(1 + i) * target[i]);
      }
      add("scale", target, 0);
    } else {
      for (int i = 0; i < 2; i++) {
        target[i] = extent(2 * shape.get(1 + i));
        output.add(target[i]);
      }
      add("size", target, 0);
    }
    return layer(output, size(output) * 6);
  }

  private Drawn transposed() {
    int in = shape.get(0);
    int groups = chance(0.6) ? 1 : divisor(in);
    int out = groups * extent(Math.max(1, 8 / groups));
    attributes.add("out = " + out);
    int[] kernel = new int[2];
    int[] stride = new int[2];
    int[] padding = new int[2];
    int[] outputPadding = new int[2];
    int[] dilation = new int[2];
    List<Integer> output = new ArrayList<>(List.of(out));
    long taps = 1;
    for (int i = 0; i < 2; i++) {
      kernel[i] = extent(4);
      stride[i] = chance(0.5) ? 1 : extent(3);
      dilation[i] = chance(0.8) ? 1 : 2;
      outputPadding[i] = random.nextInt(Math.max(stride[i], dilation[i]));
      int size = (shape.get(1 + i) - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1;
      padding[i] = random.nextInt(Math.min(3, (size + 1) / 2));
      output.add(size - 2 * padding[i] + outputPadding[i]);
      taps *= kernel[i];
    }
    add("kernel", kernel, 0);
    add("stride", stride, 1);
    add("padding", padding, 0);
    add("outputPadding", outputPadding, 0);
    add("dilation", dilation, 1);
    if (groups > 1) {
      attributes.add("groups = " + groups);
    }
    maybeWithoutBias();
    return weighted(output, size() * taps * out / groups);
  }

  private Drawn scale() {
    if (chance(0.3)) {
      attributes.add("initial = " + pick("0.5", "-1", "0.0"));
    }
    maybeWithoutBias();
    return weighted(shape, size());
  }

  private Drawn elementwise() {
    attributes.addAll(List.of("type = StrictMath.class", "function = \"sin\""));
    attributes.add("derivative = \"cos\"");
    return activation();
  }

  private Drawn dropout() {
    // At these rates no multiple of 2^-24 lies between the rate and its float, so that the
    // interpreter, which knows no floats, draws the same mask.
    attributes.add("p = " + pick("0.5", "0.1", "0.3", "0.25", "0.0", "1.0"));
    return layer(shape, size());
  }

  private Drawn flatten() {
    int start = chance(0.7) ? 1 : 1 + random.nextInt(shape.size());
    int end = chance(0.7) ? shape.size() : start + random.nextInt(shape.size() - start + 1);
    if (start != 1) {
      attributes.add("start = " + start);
    }
    if (end != shape.size()) {
      attributes.add("end = " + end);
    }
    List<Integer> output = new ArrayList<>(shape.subList(0, start - 1));
    output.add(shape.subList(start - 1, end).stream().reduce(1, (a, b) -> a * b));
    output.addAll(shape.subList(end, shape.size()));
    return layer(output, size());
  }

  private Drawn reshape() {
    // The prime factors in any order, cut anywhere: parts of the axes of the input, or across them.
    List<Integer> factors = new ArrayList<>();
    int rest = size();
    for (int factor = 2; rest > 1; factor++) {
      for (; rest % factor == 0; rest /= factor) {
        factors.add(factor);
      }
    }
    if (chance(0.5)) {
      Collections.shuffle(factors, new Random(random.nextLong()));
    }
    List<Integer> output = new ArrayList<>(Collections.nCopies(extent(Shape.MOST_AXES), 1));
    int[] cuts = random.ints(factors.size(), 0, output.size()).sorted().toArray();
    for (int i = 0; i < cuts.length; i++) {
      output.set(cuts[i], output.get(cuts[i]) * factors.get(i));
    }
    List<Integer> written = new ArrayList<>(output);
    if (chance(0.3)) {
      written.set(random.nextInt(written.size()), -1);
    }
    attributes.add(
        written.stream().map(String::valueOf).collect(Collectors.joining(", ", "{", "}")));
    return layer(output, size());
  }

  private Drawn globalAvgPool() {
    return layer(List.of(shape.get(0)), size());
  }

  private Drawn convolution() {
    int dims = shape.size() - 1;
    int in = shape.get(0);
    int groups = chance(0.6) ? 1 : divisor(in);
    int out = groups * extent(Math.max(1, 12 / groups));
    attributes.add("out = " + out);
    if (chance(0.2)) {
      attributes.add("in = " + in);
    }
    int[] kernel = new int[dims];
    int[] stride = new int[dims];
    int[] padding = new int[dims];
    int[] dilation = new int[dims];
    List<Integer> output = new ArrayList<>(List.of(out));
    boolean same = chance(0.15);
    for (int i = 0; i < dims; i++) {
      int size = shape.get(1 + i);
      kernel[i] = extent(chance(0.1) ? 7 : 4);
      dilation[i] = chance(0.8) ? 1 : 2;
      int covered = dilation[i] * (kernel[i] - 1) + 1;
      stride[i] = same || chance(0.6) ? 1 : extent(3);
      // Often as much as keeps the size, sometimes more than the kernel can see.
      padding[i] = chance(0.5) ? covered / 2 : random.nextInt(4);
      padding[i] = Math.max(padding[i], (covered - size + 1) / 2);
      output.add(same ? size : (size + 2 * padding[i] - covered) / stride[i] + 1);
    }
    add("kernel", kernel, 0);
    add("stride", stride, 1);
    if (same) {
      attributes.add("padding = Conv" + dims + "d.SAME");
    } else {
      add("padding", padding, 0);
    }
    add("dilation", dilation, 1);
    if (groups > 1) {
      attributes.add("groups = " + groups);
    }
    if (chance(0.4)) {
      attributes.add("bias = false");
    }
    boolean border =
        IntStream.range(0, dims)
            .allMatch(i -> same ? kernel[i] < 3 : padding[i] < shape.get(1 + i));
    if (border && chance(0.3)) {
      attributes.add("paddingMode = PaddingMode." + pick("REFLECT", "REPLICATE", "CIRCULAR"));
    }
    long perOutput = (long) in / groups * Arrays.stream(kernel).reduce(1, (a, b) -> a * b);
    return weighted(output, size(output) * perOutput);
  }

  private Drawn pool(boolean max) {
    int dims = shape.size() - 1;
    int[] kernel = new int[dims];
    int[] stride = new int[dims];
    int[] padding = new int[dims];
    int[] dilation = new int[dims];
    List<Integer> output = new ArrayList<>(List.of(shape.get(0)));
    boolean ceil = chance(0.3);
    boolean defaultStride = chance(0.4);
    long window = 1;
    for (int i = 0; i < dims; i++) {
      int size = shape.get(1 + i);
      kernel[i] = Math.min(size, extent(chance(0.1) ? 6 : 3));
      dilation[i] = max && chance(0.2) && 2 * kernel[i] - 1 <= size ? 2 : 1;
      int covered = dilation[i] * (kernel[i] - 1) + 1;
      stride[i] = defaultStride ? kernel[i] : extent(3);
      padding[i] = chance(0.5) ? 0 : random.nextInt(covered / 2 + 1);
      int room = size + 2 * padding[i] - covered;
      int out = (room + (ceil ? stride[i] - 1 : 0)) / stride[i] + 1;
      output.add(ceil && (out - 1) * stride[i] >= size + padding[i] ? out - 1 : out);
      window *= kernel[i];
    }
    add("kernel", kernel, 0);
    if (!defaultStride) {
      add("stride", stride, 0);
    }
    add("padding", padding, 0);
    if (max) {
      add("dilation", dilation, 1);
    } else {
      if (chance(0.4)) {
        attributes.add("countIncludePad = false");
      }
      if (chance(0.15)) {
        attributes.add("divisorOverride = " + extent(9));
      }
    }
    if (ceil) {
      attributes.add("ceilMode = true");
    }
    return layer(output, size(output) * window);
  }

  private int size() {
    return Math.toIntExact(size(shape));
  }

  private static long size(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }
}
