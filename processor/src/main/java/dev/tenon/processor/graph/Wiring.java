package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.OutputDeclaration;
import dev.tenon.processor.declaration.RecordType;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.diagnostics.Suggestion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which layer reads which: turns the names of {@code @From} into numbers of layers. A layer reads
 * layers above it only, so the order in which they are declared is an order in which they can run.
 */
final class Wiring {
  /** {@code @From} names a layer that does not exist. */
  static final Problem UNKNOWN = Problem.error("FromUnknown");

  /** {@code @From} names a layer that stands below. */
  static final Problem BELOW = Problem.error("FromBelow");

  /** A layer reads what is made of its own output. */
  static final Problem CYCLE = Problem.error("FromCycle");

  /** More or fewer layers than a layer reads. */
  static final Problem COUNT = Problem.error("FromCount");

  /** A layer whose output nobody uses. */
  static final Problem UNREAD = Problem.error("LayerUnread");

  /** An input that no layer reads. */
  static final Problem INPUT_UNREAD = Problem.error("InputUnread");

  static final List<Problem> PROBLEMS = List.of(UNKNOWN, BELOW, CYCLE, COUNT, UNREAD, INPUT_UNREAD);

  private final List<ConfiguredLayer> layers;
  private final String networkName;
  private final List<String> components;
  private final List<InputDeclaration> inputs;
  private final List<OutputDeclaration> declaredOutputs;
  private final Report report;
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<Optional<List<Integer>>> sources = new ArrayList<>();
  private final Map<Integer, List<Integer>> readers = new HashMap<>();

  /** Values that one layer joins: each is a loop or a part of one, forward and backward. */
  private static final int MOST_JOINED = 500;

  /** Names of layers in a message. */
  private static final int MOST_NAMES = 8;

  private Wiring(NetworkDeclaration network, List<ConfiguredLayer> layers, Report report) {
    this.layers = layers;
    this.networkName = network.typeName();
    this.components = network.ends().features().map(RecordType::paths).orElse(List.of());
    this.inputs = network.inputs();
    this.declaredOutputs = network.outputs();
    this.report = report;
    for (int i = 0; i < layers.size(); i++) {
      numbers.putIfAbsent(layers.get(i).declaration().name(), i);
    }
  }

  /**
   * Resolves all names.
   *
   * @param network the inputs and outputs that it declares
   * @param layers in the order of their declaration
   * @param report takes what is wrong
   */
  static Wiring of(NetworkDeclaration network, List<ConfiguredLayer> layers, Report report) {
    Wiring wiring = new Wiring(network, layers, report);
    for (int i = 0; i < layers.size(); i++) {
      int reader = i;
      Optional<List<Integer>> read = wiring.resolve(i);
      wiring.sources.add(read);
      read.orElse(List.of())
          .forEach(
              source -> wiring.readers.computeIfAbsent(source, r -> new ArrayList<>()).add(reader));
    }
    wiring.reportUnread();
    return wiring;
  }

  /**
   * What a layer reads: numbers of layers above it, {@link Network#numberOfInput} for the network's
   * inputs; empty when that is not known, which has been reported.
   */
  Optional<List<Integer>> sources(int layer) {
    return sources.get(layer);
  }

  /** Numbers of the layers that read this layer or input, one for each time that they do. */
  List<Integer> readers(int layer) {
    return readers.getOrDefault(layer, List.of());
  }

  private Optional<List<Integer>> resolve(int number) {
    LayerDeclaration layer = layers.get(number).declaration();
    boolean counted = checkCount(number, layer);
    if (layer.from().isEmpty()) {
      return above(number, layer).filter(source -> counted).map(List::of);
    }
    List<Integer> resolved = new ArrayList<>();
    List<String> names = layer.sources();
    for (int i = 0; i < names.size(); i++) {
      resolve(number, names.get(i), layer.from().get().ref().at("value", i))
          .ifPresent(resolved::add);
    }
    return counted && resolved.size() == names.size() ? Optional.of(resolved) : Optional.empty();
  }

  /** What stands above a layer: a layer or an input. */
  private Optional<Integer> above(int number, LayerDeclaration layer) {
    for (int i = inputs.size() - 1; i >= 0; i--) {
      if (inputs.get(i).layersAbove() == number) {
        return Optional.of(Network.numberOfInput(i));
      }
    }
    if (number > 0 || inputs.isEmpty()) {
      return Optional.of(number - 1);
    }
    add(
        UNKNOWN,
        layer.attributes().ref(),
        layer,
        "reads what stands above it, but nothing does.",
        inputs.get(0).hasMethod()
            ? "Move an input above it, or name one in @From."
            : "Name in @From what it reads: " + String.join(", ", inputNames()) + ".");
    return Optional.empty();
  }

  private List<String> inputNames() {
    return inputs.stream().map(InputDeclaration::source).toList();
  }

  private boolean checkCount(int number, LayerDeclaration layer) {
    if (layers.get(number).config().isEmpty()) {
      return true;
    }
    boolean joins = layers.get(number).config().get().joins();
    int count = layer.from().isPresent() ? layer.sources().size() : 1;
    if (joins ? count >= 2 && count <= MOST_JOINED : count == 1) {
      return true;
    }
    SourceRef ref = layer.from().map(Attributes::ref).orElse(layer.attributes().ref());
    if (count == 0) {
      add(
          COUNT,
          ref.at("value"),
          layer,
          "@From names no layer.",
          joins ? "Name two or more." : "Name one, or remove @From to read the layer above.");
    } else if (joins && count > MOST_JOINED) {
      add(
          COUNT,
          ref.at("value", MOST_JOINED),
          layer,
          "joins at most " + MOST_JOINED + " layers, but @From names " + count + ".",
          "Join some of them first, and then what comes of that.");
    } else if (joins) {
      add(
          COUNT,
          layer.from().isPresent() ? ref.at("value") : ref,
          layer,
          "joins two layers or more, but "
              + (layer.from().isPresent()
                  ? "@From names one, " + layer.sources().get(0) + "."
                  : "no @From names them."),
          List.of(
              new Remedy(
                  "write",
                  "@From({\"" + String.join("\", \"", example(number, layer)) + "\"}), for example",
                  new Change.Read(layer, example(number, layer)))),
          "Name two or more in @From.");
    } else {
      add(
          COUNT,
          ref.at("value", 1),
          layer,
          "reads one layer, but @From names " + count + ".",
          "Join them first, with @Add, @Multiply or @Concat.");
    }
    return false;
  }

  /** Two names that could stand in the place of what is missing. */
  private List<String> example(int number, LayerDeclaration layer) {
    List<String> names = new ArrayList<>(layer.sources());
    for (int i = number - 1; i >= 0 && names.size() < 2; i--) {
      String name = layers.get(i).declaration().name();
      if (!names.contains(name)) {
        names.add(name);
      }
    }
    List<String> others = new ArrayList<>(inputNames());
    others.removeAll(names);
    while (names.size() < 2) {
      names.add(others.isEmpty() ? LayerDeclaration.INPUT : others.remove(0));
    }
    return names;
  }

  private static List<String> replaced(LayerDeclaration layer, String name, String other) {
    return layer.sources().stream().map(n -> n.equals(name) ? other : n).toList();
  }

  private Optional<Integer> resolve(int number, String name, SourceRef ref) {
    LayerDeclaration layer = layers.get(number).declaration();
    if (name.equals(LayerDeclaration.INPUT) && !inputNames().contains(name)) {
      if (inputs.isEmpty()) {
        return Optional.of(Network.INPUT);
      }
      add(
          UNKNOWN,
          ref,
          layer,
          inputs.get(0).hasMethod()
              ? "@From names Network.INPUT, but the network's inputs have names of their own."
              : "@From names Network.INPUT, but layers read every component of the features by its"
                  + " name, so that nothing is left.",
          "Name one of them: " + String.join(", ", inputNames()) + ".");
      return Optional.empty();
    }
    if (inputNames().contains(name)) {
      return Optional.of(Network.numberOfInput(inputNames().indexOf(name)));
    }
    Integer source = numbers.get(name);
    if (source == null) {
      List<String> above = new ArrayList<>(inputNames());
      layers.subList(0, number).forEach(l -> above.add(l.declaration().name()));
      Set<String> known = new LinkedHashSet<>(above);
      known.addAll(components);
      add(
          UNKNOWN,
          ref,
          layer,
          name.isBlank()
              ? "a name in @From is empty."
              : "@From names " + name + ", but there is no such layer.",
          // A layer below would be the next mistake.
          Suggestion.nearest(name, known).stream()
              .map(near -> Remedy.mean(layer, near, replaced(layer, name, near)))
              .toList(),
          above.isEmpty()
              ? "The first layer reads Network.INPUT."
              : "Above are " + names(above) + ".");
      return Optional.empty();
    }
    if (source < number) {
      return Optional.of(source);
    }
    Optional<String> cycle = cycle(source, number);
    if (cycle.isPresent()) {
      add(
          CYCLE,
          ref,
          layer,
          source == number
              ? "reads itself."
              : "reads " + name + ", which is made of its own output: " + cycle.get() + ".",
          "A layer reads layers above it, and no network has a cycle.");
    } else {
      add(
          BELOW,
          ref,
          layer,
          "reads " + name + ", which stands below it.",
          List.of(
              new Remedy(
                  "layers run in the order in which they stand: move",
                  name + " above " + layer.name(),
                  new Change.MoveAbove(layers.get(source).declaration(), layer))),
          "Layers run in the order in which they stand.");
    }
    return Optional.empty();
  }

  /** The last few of many names, which are the nearest. */
  private static String names(List<String> all) {
    int leftOut = all.size() - MOST_NAMES;
    return leftOut <= 1
        ? String.join(", ", all)
        : leftOut + " others, " + String.join(", ", all.subList(leftOut, all.size()));
  }

  /** The way from one layer through its readers to another, and back to the first. */
  private Optional<String> cycle(int from, int to) {
    return way(from, to)
        .map(
            numbersOnWay -> {
              numbersOnWay.add(to);
              return String.join(
                  " -> ",
                  numbersOnWay.stream().map(i -> layers.get(i).declaration().name()).toList());
            });
  }

  /** From what is read in the end, to a layer, by way of its readers: each layer is seen once. */
  private Optional<List<Integer>> way(int from, int to) {
    Map<Integer, Integer> readBy = new HashMap<>(Map.of(from, from));
    Deque<Integer> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty() && !readBy.containsKey(to)) {
      int reader = open.removeLast();
      for (int source : named(reader)) {
        if (source >= 0 && readBy.putIfAbsent(source, reader) == null) {
          open.addLast(source);
        }
      }
    }
    if (!readBy.containsKey(to)) {
      return Optional.empty();
    }
    List<Integer> way = new ArrayList<>(List.of(to));
    for (int at = to; at != from; at = readBy.get(at)) {
      way.add(readBy.get(at));
    }
    return Optional.of(way);
  }

  /** What a layer's names say that it reads, be it right or not. */
  private List<Integer> named(int number) {
    LayerDeclaration layer = layers.get(number).declaration();
    if (layer.from().isPresent()) {
      return layer.sources().stream().filter(numbers::containsKey).map(numbers::get).toList();
    }
    boolean readsInput = inputs.stream().anyMatch(input -> input.layersAbove() == number);
    return readsInput ? List.of() : List.of(number - 1);
  }

  /** Only when all names are right: a slip in one leaves the layer that was meant unread. */
  private void reportUnread() {
    boolean known =
        sources.stream().allMatch(Optional::isPresent)
            && numbers.size() == layers.size()
            && layers.stream().allMatch(layer -> layer.declaration().isReadable());
    if (!known) {
      return;
    }
    for (int i = 0; i < layers.size(); i++) {
      if (readers(i).isEmpty() && !isOutput(i)) {
        LayerDeclaration layer = layers.get(i).declaration();
        add(
            UNREAD,
            layer.attributes().ref(),
            layer,
            "nobody reads it: " + below(i) + "the network's " + outputText() + ".",
            List.of(
                new Remedy(
                    "name",
                    "it in a @From, "
                        + (declaredOutputs.isEmpty() ? "" : "put @Output on it, ")
                        + "or remove it",
                    new Change.Remove(layer))),
            declaredOutputs.isEmpty()
                ? "Name it in a @From."
                : "Name it in a @From, or put @Output on it.");
      }
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (readers(Network.numberOfInput(i)).isEmpty()) {
        InputDeclaration input = inputs.get(i);
        report.add(
            INPUT_UNREAD,
            input.attributes().ref(),
            input.hasMethod()
                ? input.subject() + ": no layer reads it."
                : "@Network on "
                    + networkName
                    + ": layers read components of its features by name, but none reads the"
                    + " others.",
            input.hasMethod()
                ? "Name it in a @From, or remove it."
                : "Read it as Network.INPUT, or leave components out with @Ignore.");
      }
    }
  }

  /** What the layer below reads instead: {@code next below it reads relu1, and }. */
  private String below(int layer) {
    if (layer == layers.size() - 1) {
      return "";
    }
    LayerDeclaration next = layers.get(layer + 1).declaration();
    List<String> read =
        next.from().isPresent()
            ? next.sources()
            : sources.get(layer + 1).orElseThrow().stream().map(this::nameOf).toList();
    return next.name() + " below it reads " + String.join(" and ", read) + ", and ";
  }

  private String nameOf(int source) {
    return source < 0
        ? inputs.get(Network.inputOf(source)).source()
        : layers.get(source).declaration().name();
  }

  private String outputText() {
    List<String> names = outputs().stream().map(i -> layers.get(i).declaration().name()).toList();
    return (names.size() == 1 ? "output is " : "outputs are ") + String.join(", ", names);
  }

  /** Numbers of the layers that are outputs, in the order of the outputs. */
  List<Integer> outputs() {
    return declaredOutputs.isEmpty()
        ? List.of(layers.size() - 1)
        : declaredOutputs.stream().map(output -> numbers.get(output.layer())).toList();
  }

  boolean isOutput(int layer) {
    return outputs().contains(layer);
  }

  private void add(
      Problem problem, SourceRef ref, LayerDeclaration layer, String what, String advice) {
    add(problem, ref, layer, what, List.of(), advice);
  }

  private void add(
      Problem problem,
      SourceRef ref,
      LayerDeclaration layer,
      String what,
      List<Remedy> remedies,
      String advice) {
    report.add(problem, ref, layer.subject() + ": " + what, remedies, advice);
  }
}
