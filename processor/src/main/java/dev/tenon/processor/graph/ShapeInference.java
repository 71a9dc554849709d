package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.Component;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.NamedComponent;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.RecordType;
import dev.tenon.processor.diagnostics.Diagnostic;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.shape.Shape;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The step <i>infer</i>: walks from the network's input to its output and puts a shape on every
 * edge. Layers read layers above them only, so their order is one to walk in. A layer that was
 * wrong gives {@link Shape#UNKNOWN}, which the layers behind it pass on without a message: one
 * mistake, one error.
 */
public final class ShapeInference {
  /** {@code @Network(input = ...)} is no shape. */
  public static final Problem INPUT = Problem.error("NetworkInput");

  /** More values than a Java array holds. */
  public static final Problem TOO_LARGE = Problem.error("NetworkTooLarge");

  /** A layer that reads indices as if they were real numbers, or the other way round. */
  public static final Problem INDICES = Problem.error("LayerIndices");

  /** {@code input} and {@code inputFrom} say different shapes. */
  public static final Problem SOURCE_SHAPE = Problem.error("InputFromShape");

  /** An embedding with more or fewer rows than the enum that it reads has constants. */
  public static final Problem CONSTANTS = Problem.error("FeaturesConstants");

  /** Two networks of different precisions. */
  public static final Problem SOURCE_PRECISION = Problem.error("InputFromPrecision");

  /** What this step raises by itself; the layers raise their own. */
  public static final List<Problem> PROBLEMS =
      Stream.of(
              List.of(INPUT, TOO_LARGE, INDICES, CONSTANTS, SOURCE_SHAPE, SOURCE_PRECISION),
              LabelCheck.PROBLEMS,
              Wiring.PROBLEMS)
          .flatMap(List::stream)
          .toList();

  /** The most values that a sample or the parameters together may have: an array's limit. */
  private static final BigInteger LIMIT = BigInteger.valueOf(Integer.MAX_VALUE);

  /** The attribute of {@code @Network} for the shape of the only input. */
  private static final String NETWORK_INPUT = "input";

  private final NetworkDeclaration network;
  private final Optional<Network> source;
  private final Report report;
  private final List<ConfiguredLayer> layers;
  private final Wiring wiring;
  private List<Shape> inputs = List.of();

  /** The layers that are right so far, each at its number; empty for the others. */
  private final List<Optional<Node>> nodes = new ArrayList<>();

  private BigInteger parameters = BigInteger.ZERO;

  private ShapeInference(
      NetworkDeclaration network,
      Optional<Network> source,
      List<ConfiguredLayer> layers,
      Wiring wiring,
      Report report) {
    this.network = network;
    this.source = source;
    this.layers = List.copyOf(layers);
    this.wiring = wiring;
    this.report = report;
  }

  /**
   * Infers all shapes.
   *
   * @param source the network whose output is the input, if there is one and it is right
   * @param layers the configured layers of this network, in source order
   * @param report takes what is wrong, with the chain of shapes that led there
   * @return the network, or empty when any layer has no shape
   */
  public static Optional<Network> infer(
      NetworkDeclaration network,
      Optional<Network> source,
      List<ConfiguredLayer> layers,
      Report report) {
    Wiring wiring = Wiring.of(network, layers, report);
    return new ShapeInference(network, source, layers, wiring, report).infer();
  }

  private Optional<Network> infer() {
    Optional<ElementType> real = precision();
    inputs = inputs();
    for (int i = 0; i < layers.size(); i++) {
      int number = i;
      nodes.add(wiring.sources(i).flatMap(sources -> place(number, sources)));
    }
    boolean right =
        real.isPresent()
            && !nodes.isEmpty()
            && nodes.stream().allMatch(Optional::isPresent)
            && inputs.stream().allMatch(Shape::isKnown);
    return right ? Optional.of(network(real.get())) : Optional.empty();
  }

  private Network network(ElementType real) {
    List<Network.Input> in = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      int number = Network.numberOfInput(i);
      int limit =
          nodes.stream()
              .flatMap(Optional::stream)
              .filter(node -> node.inputs().contains(number))
              .mapToInt(node -> node.layer().indexLimit())
              .min()
              .orElse(0);
      in.add(new Network.Input(inputName(i), inputs.get(i), limit));
    }
    List<Network.Output> out = new ArrayList<>();
    for (int i = 0; i < wiring.outputs().size(); i++) {
      int node = wiring.outputs().get(i);
      String name =
          network.outputs().isEmpty()
              ? layers.get(node).declaration().method()
              : network.outputs().get(i).name();
      out.add(new Network.Output(name, node));
    }
    return new Network(network, real, in, out, nodes.stream().flatMap(Optional::stream).toList());
  }

  private String inputName(int input) {
    return network.inputs().isEmpty()
        ? InputDeclaration.UNNAMED
        : network.inputs().get(input).name();
  }

  /** The shape of what a layer gives, or of an input. */
  private Shape shapeOf(int source) {
    return source < 0
        ? inputs.get(Network.inputOf(source))
        : nodes.get(source).map(node -> node.layer().output()).orElse(Shape.UNKNOWN);
  }

  private Optional<ElementType> precision() {
    return Optional.ofNullable(network.attributes().values().get("precision"))
        .map(value -> value.equals("FLOAT64") ? ElementType.DOUBLE : ElementType.FLOAT);
  }

  /** The shapes of all inputs, declared by the network's annotation or by methods. */
  private List<Shape> inputs() {
    Attributes attributes = network.attributes();
    if (network.inputs().isEmpty()) {
      // Absent only where javac has something to say about the annotation.
      boolean known = attributes.values().containsKey(NETWORK_INPUT);
      return List.of(known ? onlyInput(attributes) : Shape.UNKNOWN);
    }
    if (attributes.isWritten(NETWORK_INPUT)) {
      report.add(
          INPUT,
          attributes.at(NETWORK_INPUT),
          subject()
              + ": input is the shape of the only input, but "
              + network.inputs().get(0).name()
              + " declares one with a name of its own.",
          "Remove input here, or the declared inputs.");
    }
    return network.inputs().stream().map(this::declaredInput).toList();
  }

  private Shape onlyInput(Attributes attributes) {
    if (attributes.namesType("features")) {
      return network
          .ends()
          .features()
          .filter(record -> record.isRight() && !attributes.isWritten(NETWORK_INPUT))
          .map(this::valuesOf)
          .orElse(Shape.UNKNOWN);
    }
    if (attributes.namesType("inputFrom")) {
      return sourceOutput();
    }
    if (!attributes.isWritten(NETWORK_INPUT)) {
      report.add(
          INPUT,
          attributes.ref(),
          subject() + ": has no input.",
          "Write the shape of one sample without the batch, such as input = {3, 32, 32} for"
              + " channels, height and width, or features = Sample.class, a record; several inputs are"
              + " methods with @Input.");
      return Shape.UNKNOWN;
    }
    return input(subject(), attributes, NETWORK_INPUT, NETWORK_INPUT + " ", 1, Shape.MOST_AXES);
  }

  private Shape declaredInput(InputDeclaration input) {
    Attributes attributes = input.attributes();
    if (!attributes.values().containsKey("value")) {
      return Shape.UNKNOWN;
    }
    int least = input.isIndices() ? 0 : 1;
    int most = input.isIndices() ? Shape.MOST_AXES - 1 : Shape.MOST_AXES;
    return input(input.subject(), attributes, "value", "the shape ", least, most);
  }

  private Shape input(
      String subject, Attributes attributes, String name, String what, int least, int most) {
    List<Integer> sizes = attributes.integers(name);
    Optional<String> wrong = wrongInput(sizes, what, least, most);
    if (wrong.isPresent()) {
      report.add(
          INPUT,
          attributes.at(name),
          subject + ": " + wrong.get(),
          "Write the shape of one sample without the batch, such as "
              + (least == 0
                  ? "3 for three indices a sample, or nothing for one."
                  : "{4} for features or {3, 32, 32} for channels, height and width."));
      return Shape.UNKNOWN;
    }
    BigInteger values = product(sizes);
    Shape shape = new Shape(sizes);
    if (values.compareTo(LIMIT) > 0) {
      report.add(
          TOO_LARGE,
          attributes.at(name),
          subject + ": its input " + shape + " has " + values + tooMany("a sample"),
          "");
      return Shape.UNKNOWN;
    }
    return shape;
  }

  private Shape valuesOf(RecordType record) {
    if (record.width() <= Integer.MAX_VALUE) {
      return Shape.of((int) record.width());
    }
    report.add(
        TOO_LARGE,
        network.attributes().at("features"),
        subject()
            + ": "
            + record.type().simpleName()
            + " has "
            + record.width()
            + tooMany("a sample"),
        "");
    return Shape.UNKNOWN;
  }

  /** The output of the network that is the input's; an input that is written says the same. */
  private Shape sourceOutput() {
    Attributes attributes = network.attributes();
    if (source.isEmpty()) {
      return Shape.UNKNOWN;
    }
    String name = network.ends().source().orElseThrow().typeName();
    Shape given = source.get().output();
    if (!precision().equals(Optional.of(source.get().real()))) {
      report.add(
          SOURCE_PRECISION,
          attributes.at("inputFrom"),
          subject()
              + ": computes in "
              + typeName(precision().orElse(ElementType.FLOAT))
              + ", but "
              + name
              + " gives "
              + typeName(source.get().real())
              + ".",
          "Write the same precision in both.");
    }
    if (attributes.isWritten(NETWORK_INPUT)
        && !attributes.integers(NETWORK_INPUT).equals(given.sizes())) {
      List<Integer> sizes = attributes.integers(NETWORK_INPUT);
      report.add(
          SOURCE_SHAPE,
          attributes.at(NETWORK_INPUT),
          subject() + ": input is " + new Shape(sizes) + ", but " + name + " gives " + given + ".",
          List.of(
              new Remedy(
                  "remove",
                  "input, which follows from inputFrom, or change the last layers of " + name,
                  new Change.LeaveOutOfNetwork(NETWORK_INPUT, List.of()))),
          "Change the last layers of " + name + ".");
      return Shape.UNKNOWN;
    }
    return given;
  }

  private static String typeName(ElementType real) {
    return real == ElementType.DOUBLE ? "float64" : "float32";
  }

  private static Optional<String> wrongInput(
      List<Integer> sizes, String what, int least, int most) {
    if (sizes.size() < least) {
      return Optional.of(what + "has no axis, but needs at least 1.");
    }
    if (sizes.size() > most) {
      return Optional.of(
          what + "has " + sizes.size() + " axes, but can have at most " + most + ".");
    }
    return sizes.stream()
        .filter(size -> size < 1)
        .findFirst()
        .map(size -> "every size of " + what + "must be at least 1, but one is " + size + ".");
  }

  /** Whether a layer gets what it works on: indices or real numbers. */
  private boolean checkIndices(ConfiguredLayer layer, List<Integer> sources) {
    boolean wanted = layer.config().orElseThrow().readsIndices();
    for (int source : sources) {
      boolean given = source < 0 && isIndices(Network.inputOf(source));
      if (given == wanted) {
        continue;
      }
      LayerDeclaration declaration = layer.declaration();
      Optional<InputDeclaration> input =
          source < 0 && !network.inputs().isEmpty()
              ? Optional.of(network.inputs().get(Network.inputOf(source)))
              : Optional.empty();
      String name =
          source < 0
              ? input.map(InputDeclaration::source).orElse(LayerDeclaration.INPUT)
              : layers.get(source).declaration().name();
      report.add(
          INDICES,
          declaration.attributes().ref(),
          declaration.subject()
              + (wanted
                  ? ": looks up indices, but " + name + " gives real numbers."
                  : ": works on real numbers, but " + name + " gives indices."),
          whatToRead(wanted, name, input));
      return false;
    }
    return true;
  }

  private String whatToRead(boolean indices, String name, Optional<InputDeclaration> input) {
    boolean component = input.filter(one -> !one.hasMethod()).isPresent();
    if (indices) {
      return network.ends().features().isPresent()
          ? "Let it read a component that is an enum."
          : "Let it read an input that is declared as `@IndexInput Layer indices();`, and leave"
              + " out input on @Network.";
    }
    return component
        ? "Put an @Embedding between them, or do not name "
            + name
            + ": in Network.INPUT an enum has a value for each constant."
        : "Put an @Embedding between them, or declare " + name + " with @Input.";
  }

  /** An embedding of an enum has a row for each of its constants. */
  private boolean checkConstants(ConfiguredLayer layer, BoundLayer bound, List<Integer> sources) {
    LayerDeclaration declaration = layer.declaration();
    for (NamedComponent one : network.ends().named()) {
      boolean reads =
          sources.stream()
              .anyMatch(s -> s < 0 && inputName(Network.inputOf(s)).equals(one.input()));
      if (!reads
          || !(one.component() instanceof Component.Choice choice)
          || bound.indexLimit() == choice.constants()) {
        continue;
      }
      report.add(
          CONSTANTS,
          declaration.attributes().at("num"),
          declaration.subject()
              + ": num = "
              + bound.indexLimit()
              + ", but "
              + choice.type().simpleName()
              + ", the type of "
              + one.path()
              + " of "
              + network.ends().features().orElseThrow().type().simpleName()
              + ", has "
              + choice.constants()
              + (choice.constants() == 1 ? " constant." : " constants."),
          List.of(
              Remedy.follow(declaration, "num", choice.constants()),
              new Remedy(
                      "leave",
                      "it out",
                      new Change.LeaveOut(declaration, "num", choice.constants()))
                  .local()),
          "");
      return false;
    }
    return true;
  }

  private boolean isIndices(int input) {
    return !network.inputs().isEmpty() && network.inputs().get(input).isIndices();
  }

  /** Puts one layer behind what it reads, unless something is wrong with either. */
  private Optional<Node> place(int number, List<Integer> sources) {
    ConfiguredLayer layer = layers.get(number);
    List<Shape> shapes = sources.stream().map(this::shapeOf).toList();
    if (layer.config().isEmpty() || !shapes.stream().allMatch(Shape::isKnown)) {
      return Optional.empty();
    }
    if (!checkIndices(layer, sources)) {
      return Optional.empty();
    }
    LayerDeclaration declaration = layer.declaration();
    return bind(number, layer.config().get(), sources, shapes)
        .filter(bound -> fits(number, bound) && checkConstants(layer, bound, sources))
        .map(bound -> new Node(declaration, layer.view(), sources, shapes, bound));
  }

  private Optional<BoundLayer> bind(
      int number, LayerConfig config, List<Integer> sources, List<Shape> shapes) {
    LayerDeclaration layer = layers.get(number).declaration();
    Report ofLayer = new Report();
    Optional<BoundLayer> bound = Optional.empty();
    try {
      bound = config.bind(shapes, ofLayer).map(BoundLayer.class::cast);
      bound.ifPresent(BoundLayer::output);
      if (bound.isPresent()) {
        precision().ifPresent(real -> config.checkPrecision(real, ofLayer));
      }
    } catch (ArithmeticException overflow) {
      // Layers compute sizes with exact methods; which one of them overflowed is theirs to know.
      ofLayer.add(
          TOO_LARGE,
          layer.attributes().ref(),
          layer.subject()
              + ": behind "
              + shapes.stream().map(Shape::toString).collect(Collectors.joining(" and "))
              + " it gives or keeps a size above "
              + LIMIT
              + ", the most that a Java array holds.",
          "");
    }
    Optional<Remedy> elsewhere =
        ofLayer.errorCount() == 1 ? changeBefore(config, sources) : Optional.empty();
    for (Diagnostic diagnostic : ofLayer.diagnostics()) {
      addWithTrace(elsewhere.map(diagnostic::or).orElse(diagnostic), number);
    }
    return ofLayer.hasErrors() ? Optional.empty() : bound;
  }

  /**
   * What to change on an earlier layer, so that the size written on this one is right: {@code out =
   * 16 on conv1}.
   */
  private Optional<Remedy> changeBefore(LayerConfig config, List<Integer> sources) {
    if (config.wantedChannels().isEmpty()) {
      return Optional.empty();
    }
    int wanted = config.wantedChannels().getAsInt();
    // The last layer that says how many channels there are, past those that keep the number.
    List<Integer> before = sources;
    while (before.size() == 1 && before.get(0) >= 0) {
      int i = before.get(0);
      Node node = nodes.get(i).orElseThrow();
      Optional<String> attribute = layers.get(i).config().flatMap(LayerConfig::outputChannels);
      if (attribute.isPresent()) {
        String name = attribute.get();
        return Optional.of(
            new Remedy(
                "set",
                Remedy.assigned(name, wanted) + " on " + node.name(),
                new Change.Set(node.declaration(), name, wanted)));
      }
      Shape input = node.inputShapes().get(0);
      // One index a sample is a scalar, without channels that an embedding could keep.
      if (input.rank() == 0 || input.channels() != node.layer().output().channels()) {
        return Optional.empty();
      }
      before = node.inputs();
    }
    return before.equals(List.of(Network.INPUT)) ? otherRecord(wanted) : Optional.empty();
  }

  /** That the record has too few values, or too many: {@code give Iris 5 values}. */
  private Optional<Remedy> otherRecord(int values) {
    return network
        .ends()
        .features()
        .map(
            record ->
                new Remedy(
                    "give",
                    record.type().simpleName()
                        + " "
                        + values
                        + (values == 1 ? " value" : " values"),
                    new Change.Features(values)));
  }

  private boolean fits(int layer, BoundLayer bound) {
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

  private void addTooLarge(int number, String what) {
    LayerDeclaration layer = layers.get(number).declaration();
    addWithTrace(
        new Diagnostic(
            TOO_LARGE, layer.attributes().ref(), layer.subject() + ": " + what, List.of(), ""),
        number);
  }

  private void addWithTrace(Diagnostic diagnostic, int number) {
    report.add(diagnostic.trace().isEmpty() ? diagnostic.withTrace(trace(number)) : diagnostic);
  }

  private List<String> trace(int number) {
    List<ChainTrace.Path> paths =
        wiring.sources(number).orElseThrow().stream().map(this::path).toList();
    return ChainTrace.lines(paths, layers.get(number).declaration());
  }

  /** The way to what a layer reads. */
  private ChainTrace.Path path(int source) {
    List<ChainTrace.Link> links = new ArrayList<>();
    int at = source;
    while (at >= 0) {
      Node node = nodes.get(at).orElseThrow();
      links.add(new ChainTrace.Link(node.declaration(), node.layer().output()));
      at = node.inputs().get(0);
    }
    Collections.reverse(links);
    int input = Network.inputOf(at);
    return new ChainTrace.Path(
        inputName(input),
        network.ends().described(inputName(input), inputs.get(input).toString()),
        links);
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
