package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.diagnostics.Diagnostic;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.shape.Shape;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The step <i>infer</i>: walks from the network's input to its output and puts a shape on every
 * edge. A layer that was wrong gives {@link Shape#UNKNOWN}, which the layers behind it pass on
 * without a message: one mistake, one error.
 */
public final class ShapeInference {
  /** {@code @Network(input = ...)} is no shape. */
  public static final Problem INPUT = Problem.error("NetworkInput");

  /** More values than a Java array holds. */
  public static final Problem TOO_LARGE = Problem.error("NetworkTooLarge");

  /** What this step raises by itself; the layers raise their own. */
  public static final List<Problem> PROBLEMS = List.of(INPUT, TOO_LARGE);

  /** The most values that a sample or the parameters together may have: an array's limit. */
  private static final BigInteger LIMIT = BigInteger.valueOf(Integer.MAX_VALUE);

  private static final int MAX_INPUT_AXES = 4;

  private final NetworkDeclaration network;
  private final Report report;
  private final List<ChainTrace.Link> chain = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<ConfiguredLayer> layers;
  private BigInteger parameters = BigInteger.ZERO;

  /** Whether messages say what else could be changed; not while that is being tried. */
  private final boolean suggests;

  private ShapeInference(
      NetworkDeclaration network, List<ConfiguredLayer> layers, Report report, boolean suggests) {
    this.network = network;
    this.layers = List.copyOf(layers);
    this.report = report;
    this.suggests = suggests;
  }

  /**
   * Infers all shapes.
   *
   * @param layers the configured layers of this network, in source order
   * @param report takes what is wrong, with the chain of shapes that led there
   * @return the network, or empty when any layer has no shape
   */
  public static Optional<Network> infer(
      NetworkDeclaration network, List<ConfiguredLayer> layers, Report report) {
    return new ShapeInference(network, layers, report, true).infer();
  }

  private Optional<Network> infer() {
    Optional<ElementType> real = precision();
    Shape input = input();
    Shape flowing = input;
    for (ConfiguredLayer layer : layers) {
      flowing = place(layer, flowing);
    }
    return real.isPresent() && !nodes.isEmpty() && flowing.isKnown()
        ? Optional.of(new Network(network, real.get(), input, nodes))
        : Optional.empty();
  }

  private Optional<ElementType> precision() {
    return Optional.ofNullable(network.attributes().values().get("precision"))
        .map(value -> value.equals("FLOAT64") ? ElementType.DOUBLE : ElementType.FLOAT);
  }

  private Shape input() {
    Attributes attributes = network.attributes();
    // Absent only where javac has something to say about the annotation.
    if (!attributes.values().containsKey("input")) {
      return Shape.UNKNOWN;
    }
    List<Integer> sizes = attributes.integers("input");
    Optional<String> wrong = wrongInput(sizes);
    if (wrong.isPresent()) {
      report.add(
          INPUT,
          attributes.at("input"),
          subject() + ": " + wrong.get(),
          "Write the shape of one sample without the batch, such as {4} for features or"
              + " {3, 32, 32} for channels, height and width.");
      return Shape.UNKNOWN;
    }
    BigInteger values = product(sizes);
    Shape shape = new Shape(sizes);
    if (values.compareTo(LIMIT) > 0) {
      report.add(
          TOO_LARGE,
          attributes.at("input"),
          subject() + ": its input " + shape + " has " + values + tooMany("a sample"),
          "");
      return Shape.UNKNOWN;
    }
    return shape;
  }

  private static Optional<String> wrongInput(List<Integer> sizes) {
    if (sizes.isEmpty()) {
      return Optional.of("input has no axis, but needs at least 1.");
    }
    if (sizes.size() > MAX_INPUT_AXES) {
      return Optional.of(
          "input has " + sizes.size() + " axes, but can have at most " + MAX_INPUT_AXES + ".");
    }
    return sizes.stream()
        .filter(size -> size < 1)
        .findFirst()
        .map(size -> "every size of input must be at least 1, but one is " + size + ".");
  }

  /** Puts one layer behind the shape that flows and gives the shape that flows on. */
  private Shape place(ConfiguredLayer layer, Shape flowing) {
    if (!flowing.isKnown() || layer.config().isEmpty()) {
      return Shape.UNKNOWN;
    }
    LayerDeclaration declaration = layer.declaration();
    LayerConfig config = layer.config().get();
    Optional<BoundLayer> bound = bind(declaration, config, flowing);
    if (bound.isEmpty()) {
      return Shape.UNKNOWN;
    }
    Shape output = bound.get().output();
    if (!fits(declaration, bound.get())) {
      return Shape.UNKNOWN;
    }
    int before = nodes.size() - 1;
    int source = before < 0 ? Network.INPUT : before;
    if (before >= 0) {
      LayerConfig.Reader reader = new LayerConfig.Reader(declaration, flowing, bound.get());
      layers.get(before).config().orElseThrow().checkReader(reader, report);
    }
    nodes.add(new Node(declaration, layer.view(), List.of(source), List.of(flowing), bound.get()));
    chain.add(new ChainTrace.Link(declaration, output));
    return output;
  }

  private Optional<BoundLayer> bind(LayerDeclaration layer, LayerConfig config, Shape flowing) {
    Report ofLayer = new Report();
    Optional<BoundLayer> bound = Optional.empty();
    try {
      bound = config.bind(List.of(flowing), ofLayer).map(BoundLayer.class::cast);
    } catch (ArithmeticException overflow) {
      // Layers compute sizes with exact methods; which one of them overflowed is theirs to know.
      ofLayer.add(
          TOO_LARGE,
          layer.attributes().ref(),
          layer.subject()
              + ": behind "
              + flowing
              + " it gives or keeps a size above "
              + LIMIT
              + ", the most that a Java array holds.",
          "");
    }
    Optional<String> elsewhere =
        suggests && ofLayer.errorCount() == 1 ? changeBefore(config) : Optional.empty();
    for (Diagnostic diagnostic : ofLayer.diagnostics()) {
      addWithTrace(elsewhere.map(diagnostic::orElse).orElse(diagnostic), layer);
    }
    return ofLayer.hasErrors() ? Optional.empty() : bound;
  }

  /**
   * What to change on an earlier layer, so that the size written on this one is right: {@code out =
   * 16 on conv1}. Behind that change, all layers must be right.
   */
  private Optional<String> changeBefore(LayerConfig config) {
    if (config.wantedChannels().isEmpty()) {
      return Optional.empty();
    }
    // The last layer that says how many channels there are, past those that keep the number.
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Optional<LayerConfig.Resized> resized =
          layers
              .get(i)
              .config()
              .flatMap(before -> before.withOutputChannels(config.wantedChannels().getAsInt()));
      if (resized.isPresent()) {
        String change = resized.get().change() + " on " + nodes.get(i).name();
        return isRightWith(i, resized.get().config()) ? Optional.of(change) : Optional.empty();
      }
      Node node = nodes.get(i);
      if (node.inputShapes().get(0).channels() != node.layer().output().channels()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private boolean isRightWith(int changed, LayerConfig config) {
    List<ConfiguredLayer> others = new ArrayList<>(layers);
    others.set(changed, layers.get(changed).with(config));
    Report tried = new Report();
    new ShapeInference(network, others, tried, false).infer();
    return !tried.hasErrors();
  }

  private boolean fits(LayerDeclaration layer, BoundLayer bound) {
    BigInteger values = product(bound.output().sizes());
    if (values.compareTo(LIMIT) > 0) {
      addTooLarge(layer, "its output " + bound.output() + " has " + values + tooMany("a sample"));
      return false;
    }
    BigInteger own = BigInteger.ZERO;
    for (StateSpec entry : bound.state()) {
      if (entry.kind() == StateSpec.Kind.PARAMETER) {
        own = own.add(product(entry.dims()));
      }
    }
    BigInteger before = parameters;
    parameters = parameters.add(own);
    // Only the layer that crosses the limit is reported, not everything behind it as well.
    if (parameters.compareTo(LIMIT) > 0 && before.compareTo(LIMIT) <= 0) {
      String sizes =
          bound.state().stream()
              .filter(entry -> entry.kind() == StateSpec.Kind.PARAMETER)
              .map(entry -> entry.name() + " " + new Shape(entry.dims()))
              .collect(Collectors.joining(", "));
      String total =
          before.signum() == 0
              ? " are "
              : " bring the network's parameters from " + before + " to ";
      addTooLarge(
          layer, "its parameters (" + sizes + ")" + total + parameters + tooMany("a network"));
    }
    return true;
  }

  private void addTooLarge(LayerDeclaration layer, String what) {
    addWithTrace(
        new Diagnostic(
            TOO_LARGE, layer.attributes().ref(), layer.subject() + ": " + what, List.of(), ""),
        layer);
  }

  private void addWithTrace(Diagnostic diagnostic, LayerDeclaration layer) {
    report.add(
        diagnostic.trace().isEmpty()
            ? new Diagnostic(
                diagnostic.problem(),
                diagnostic.ref(),
                diagnostic.headline(),
                ChainTrace.lines(new Shape(network.attributes().integers("input")), chain, layer),
                diagnostic.remedy())
            : diagnostic);
  }

  private String subject() {
    return "@Network on " + network.typeName();
  }

  private static String tooMany(String owner) {
    return " values, but " + owner + " can have at most " + LIMIT + ".";
  }

  /** As {@link Shape#count}, for sizes that may be far too large. */
  private static BigInteger product(List<Integer> sizes) {
    return sizes.stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
  }
}
