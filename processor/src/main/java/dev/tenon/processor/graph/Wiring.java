package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.diagnostics.Suggestion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  static final List<Problem> PROBLEMS = List.of(UNKNOWN, BELOW, CYCLE, COUNT, UNREAD);

  private final List<ConfiguredLayer> layers;
  private final Report report;
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<Optional<List<Integer>>> sources = new ArrayList<>();

  private Wiring(List<ConfiguredLayer> layers, Report report) {
    this.layers = layers;
    this.report = report;
    for (int i = 0; i < layers.size(); i++) {
      numbers.putIfAbsent(layers.get(i).declaration().name(), i);
    }
  }

  /**
   * Resolves all names.
   *
   * @param layers in the order of their declaration
   * @param report takes what is wrong
   */
  static Wiring of(List<ConfiguredLayer> layers, Report report) {
    Wiring wiring = new Wiring(layers, report);
    for (int i = 0; i < layers.size(); i++) {
      wiring.sources.add(wiring.resolve(i));
    }
    wiring.reportUnread();
    return wiring;
  }

  /**
   * What a layer reads: numbers of layers above it, {@link Network#INPUT} for the network's input;
   * empty when that is not known, which has been reported.
   */
  Optional<List<Integer>> sources(int layer) {
    return sources.get(layer);
  }

  /** Numbers of the layers that read this one, one for each time that they do. */
  List<Integer> readers(int layer) {
    List<Integer> readers = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      int reader = i;
      sources.get(i).orElse(List.of()).stream()
          .filter(source -> source == layer)
          .forEach(source -> readers.add(reader));
    }
    return readers;
  }

  private Optional<List<Integer>> resolve(int number) {
    LayerDeclaration layer = layers.get(number).declaration();
    boolean counted = checkCount(number, layer);
    if (layer.from().isEmpty()) {
      return counted ? Optional.of(List.of(number - 1)) : Optional.empty();
    }
    List<Integer> resolved = new ArrayList<>();
    List<String> names = layer.sources();
    for (int i = 0; i < names.size(); i++) {
      resolve(number, names.get(i), layer.from().get().ref().at("value", i))
          .ifPresent(resolved::add);
    }
    return counted && resolved.size() == names.size() ? Optional.of(resolved) : Optional.empty();
  }

  private boolean checkCount(int number, LayerDeclaration layer) {
    if (layers.get(number).config().isEmpty()) {
      return true;
    }
    boolean joins = layers.get(number).config().get().joins();
    int count = layer.from().isPresent() ? layer.sources().size() : 1;
    if (joins ? count >= 2 : count == 1) {
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
    } else if (joins) {
      add(
          COUNT,
          layer.from().isPresent() ? ref.at("value") : ref,
          layer,
          "joins two layers or more, but "
              + (layer.from().isPresent()
                  ? "@From names one, " + layer.sources().get(0) + "."
                  : "no @From names them."),
          "Write @From({\"" + example(number, layer) + "\"}), for example.");
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
  private String example(int number, LayerDeclaration layer) {
    List<String> names = new ArrayList<>(layer.sources());
    for (int i = number - 1; i >= 0 && names.size() < 2; i--) {
      String name = layers.get(i).declaration().name();
      if (!names.contains(name)) {
        names.add(name);
      }
    }
    while (names.size() < 2) {
      names.add(LayerDeclaration.INPUT);
    }
    return String.join("\", \"", names);
  }

  private Optional<Integer> resolve(int number, String name, SourceRef ref) {
    LayerDeclaration layer = layers.get(number).declaration();
    if (name.equals(LayerDeclaration.INPUT)) {
      return Optional.of(Network.INPUT);
    }
    Integer source = numbers.get(name);
    if (source == null) {
      List<String> above =
          layers.subList(0, number).stream().map(l -> l.declaration().name()).toList();
      add(
          UNKNOWN,
          ref,
          layer,
          "@From names " + name + ", but there is no such layer.",
          Suggestion.of(name, numbers.keySet())
              .map(near -> "Did you mean " + near + "?")
              .orElse(
                  above.isEmpty()
                      ? "The first layer reads Network.INPUT."
                      : "Above are " + String.join(", ", above) + "."));
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
          "Layers run in the order in which they stand: move "
              + name
              + " above "
              + layer.name()
              + ".");
    }
    return Optional.empty();
  }

  /** The way from one layer through its readers to another, and back to the first. */
  private Optional<String> cycle(int from, int to) {
    return way(from, to, new ArrayList<>(List.of(from)))
        .map(
            numbersOnWay -> {
              Collections.reverse(numbersOnWay);
              numbersOnWay.add(to);
              return String.join(
                  " -> ",
                  numbersOnWay.stream().map(i -> layers.get(i).declaration().name()).toList());
            });
  }

  /** From a layer to what it reads, until that is the wanted one. */
  private Optional<List<Integer>> way(int from, int to, List<Integer> passed) {
    if (from == to) {
      return Optional.of(passed);
    }
    LayerDeclaration layer = layers.get(from).declaration();
    List<Integer> read =
        layer.from().isEmpty()
            ? List.of(from - 1)
            : layer.sources().stream().filter(numbers::containsKey).map(numbers::get).toList();
    for (int source : read) {
      if (source >= 0 && !passed.contains(source)) {
        List<Integer> longer = new ArrayList<>(passed);
        longer.add(source);
        Optional<List<Integer>> rest = way(source, to, longer);
        if (rest.isPresent()) {
          return rest;
        }
      }
    }
    return Optional.empty();
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
    int output = layers.size() - 1;
    for (int i = 0; i < output; i++) {
      if (readers(i).isEmpty()) {
        LayerDeclaration layer = layers.get(i).declaration();
        String next = layers.get(i + 1).declaration().name();
        add(
            UNREAD,
            layer.attributes().ref(),
            layer,
            "nobody reads it: "
                + next
                + " below it reads "
                + String.join(" and ", layers.get(i + 1).declaration().sources())
                + ", and the network's output is "
                + layers.get(output).declaration().name()
                + ".",
            "Name it in a @From, or remove it.");
      }
    }
  }

  private void add(
      Problem problem, SourceRef ref, LayerDeclaration layer, String what, String remedy) {
    report.add(problem, ref, layer.subject() + ": " + what, remedy);
  }
}
