package dev.tenon.processor.declaration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * A change of a network that a message may suggest, as data: made to a declaration, it shows
 * whether the suggestion is a good one. A layer of a block stands in a network once for each use of
 * the block, and a change of it changes them all.
 */
public sealed interface Change {
  /**
   * The changed network.
   *
   * @return the same network if there is nothing in it that could be changed so
   */
  NetworkDeclaration in(NetworkDeclaration network);

  /** An attribute of a layer has another value. */
  record Set(LayerDeclaration layer, String attribute, Object value) implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return eachOf(network, layer, at -> at.with(at.attributes().with(attribute, value)));
    }
  }

  /**
   * An attribute of a layer is left out.
   *
   * @param value what it is then
   */
  record LeaveOut(LayerDeclaration layer, String attribute, Object value) implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return eachOf(network, layer, at -> at.with(at.attributes().without(attribute, value)));
    }
  }

  /** A layer is another one. */
  record Replace(LayerDeclaration layer, String annotation, Map<String, Object> values)
      implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return eachOf(
          network,
          layer,
          at -> {
            List<String> written =
                at.attributes().written().stream().filter(values::containsKey).toList();
            SourceRef ref = new SourceRef(at.member(), annotation, "");
            return at.with(new Attributes(annotation, ref, values, written));
          });
    }
  }

  /** A layer reads another one. */
  record Read(LayerDeclaration layer, List<String> names) implements Change {
    public Read {
      names = List.copyOf(names);
    }

    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return eachOf(network, layer, at -> at.reading(Optional.of(from(at, names))));
    }
  }

  /** A new layer stands between a layer and what it reads. */
  record PutBefore(LayerDeclaration layer, String annotation, Map<String, Object> values)
      implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return each(
          network,
          layer,
          (now, number) -> {
            LayerDeclaration at = now.layers().get(number);
            LayerDeclaration added = added(at, annotation, values).reading(at.from());
            List<LayerDeclaration> layers = new ArrayList<>(now.layers());
            layers.set(number, at.reading(Optional.empty()));
            layers.add(number, added);
            return now.with(layers, shifted(now, number, 1), now.outputs());
          });
    }
  }

  /** A new layer stands between a layer that joins several and one of those. */
  record PutBetween(
      LayerDeclaration layer, int source, String annotation, Map<String, Object> values)
      implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return each(
          network,
          layer,
          (now, number) -> {
            LayerDeclaration at = now.layers().get(number);
            List<String> names = new ArrayList<>(at.sources());
            LayerDeclaration added =
                added(at, annotation, values)
                    .reading(Optional.of(from(at, List.of(names.get(source)))));
            names.set(source, added.name());
            List<LayerDeclaration> layers = new ArrayList<>(now.layers());
            layers.set(number, at.reading(Optional.of(from(at, names))));
            layers.add(number, added);
            return now.with(layers, shifted(now, number, 1), now.outputs());
          });
    }
  }

  /** A new layer stands between a layer and those that read it. */
  record PutBehind(LayerDeclaration layer, String annotation, Map<String, Object> values)
      implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return each(
          network,
          layer,
          (now, number) -> {
            LayerDeclaration at = now.layers().get(number);
            LayerDeclaration added = added(at, annotation, values);
            List<LayerDeclaration> layers = new ArrayList<>();
            now.layers().forEach(other -> layers.add(reading(other, at.name(), added.name())));
            layers.add(number + 1, added.reading(Optional.of(from(at, List.of(at.name())))));
            return now.with(layers, shifted(now, number, 1), outputs(now, at.name(), added.name()));
          });
    }
  }

  /** A layer is not there, and those that read it read what it reads. */
  record Remove(LayerDeclaration layer) implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return each(
          network,
          layer,
          (now, number) -> {
            LayerDeclaration at = now.layers().get(number);
            Optional<String> source = source(now, number);
            boolean isOutput = now.outputs().stream().anyMatch(o -> o.layer().equals(at.name()));
            boolean readsLayer = source.filter(name -> now.numberOf(name).isPresent()).isPresent();
            if (source.isEmpty() || now.layers().size() == 1 || (isOutput && !readsLayer)) {
              return now;
            }
            List<LayerDeclaration> layers = new ArrayList<>();
            now.layers().forEach(other -> layers.add(reading(other, at.name(), source.get())));
            boolean last = number == layers.size() - 1;
            if (!last && at.from().isPresent() && layers.get(number + 1).from().isEmpty()) {
              layers.set(number + 1, layers.get(number + 1).reading(at.from()));
            }
            layers.remove(number);
            return now.with(
                layers, shifted(now, number, -1), outputs(now, at.name(), source.get()));
          });
    }
  }

  /** A layer stands before the nearest one of a kind above it, in the place of where it stood. */
  record MoveBefore(LayerDeclaration layer, String annotation) implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return each(
          network,
          layer,
          (now, number) -> {
            Optional<LayerDeclaration> other =
                now.layers().subList(0, number).stream()
                    .filter(above -> above.annotation().equals(annotation))
                    .reduce((first, second) -> second);
            return other.isEmpty()
                ? now
                : new PutBefore(other.get(), layer.annotation(), layer.attributes().values())
                    .in(new Remove(now.layers().get(number)).in(now));
          });
    }
  }

  /** A layer's declaration stands directly above that of another one. */
  record MoveAbove(LayerDeclaration layer, LayerDeclaration other) implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      OptionalInt from = network.numberOf(layer.name());
      OptionalInt to = network.numberOf(other.name());
      if (from.isEmpty() || to.isEmpty() || from.getAsInt() <= to.getAsInt()) {
        return network;
      }
      List<LayerDeclaration> layers = new ArrayList<>(network.layers());
      layers.add(to.getAsInt(), layers.remove(from.getAsInt()));
      List<InputDeclaration> inputs =
          network.inputs().stream()
              .map(
                  input ->
                      input.layersAbove() > to.getAsInt() && input.layersAbove() <= from.getAsInt()
                          ? input.below(input.layersAbove() + 1)
                          : input)
              .toList();
      return network.with(layers, inputs, network.outputs());
    }
  }

  /** An attribute of {@code @Network} is left out. */
  record LeaveOutOfNetwork(String attribute, Object value) implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return network.with(network.attributes().without(attribute, value));
    }
  }

  /** The record of features has so many values. */
  record Features(int values) implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return network.with(network.ends().withFeatures(values));
    }
  }

  /** The labels have so many values, such as constants of an enum. */
  record LabelValues(long values) implements Change {
    @Override
    public NetworkDeclaration in(NetworkDeclaration network) {
      return network.with(network.ends().withLabels(values));
    }
  }

  /** What is made of a network and the number of a layer in it. */
  interface Step {
    NetworkDeclaration in(NetworkDeclaration network, int number);
  }

  private static NetworkDeclaration each(
      NetworkDeclaration network, LayerDeclaration layer, Step step) {
    List<String> names =
        network.layers().stream()
            .filter(layer::isDeclaredWith)
            .map(LayerDeclaration::name)
            .toList();
    NetworkDeclaration now = network;
    for (String name : names) {
      OptionalInt number = now.numberOf(name);
      now = number.isPresent() ? step.in(now, number.getAsInt()) : now;
    }
    return now;
  }

  private static NetworkDeclaration eachOf(
      NetworkDeclaration network, LayerDeclaration layer, UnaryOperator<LayerDeclaration> changed) {
    return network.with(
        network.layers().stream()
            .map(other -> layer.isDeclaredWith(other) ? changed.apply(other) : other)
            .toList(),
        network.inputs(),
        network.outputs());
  }

  private static LayerDeclaration added(
      LayerDeclaration at, String annotation, Map<String, Object> values) {
    String name = at.name() + " and " + annotation;
    return new LayerDeclaration(at.member(), name, attributes(at, annotation, values), "");
  }

  private static Attributes attributes(
      LayerDeclaration at, String annotation, Map<String, Object> values) {
    return new Attributes(
        annotation,
        new SourceRef(at.member(), annotation, ""),
        new LinkedHashMap<>(values),
        List.copyOf(values.keySet()));
  }

  private static Attributes from(LayerDeclaration at, List<String> names) {
    SourceRef ref = new SourceRef(at.member(), "From", "");
    return new Attributes("From", ref, Map.of("value", List.copyOf(names)), List.of("value"));
  }

  /** The layer with one name in the place of another. */
  private static LayerDeclaration reading(LayerDeclaration layer, String name, String other) {
    return layer.sources().contains(name)
        ? layer.reading(
            Optional.of(
                from(
                    layer, layer.sources().stream().map(n -> n.equals(name) ? other : n).toList())))
        : layer;
  }

  private static List<OutputDeclaration> outputs(
      NetworkDeclaration network, String name, String other) {
    return network.outputs().stream()
        .map(o -> o.layer().equals(name) ? new OutputDeclaration(o.name(), other) : o)
        .toList();
  }

  /** The inputs, of which those below a layer have more or fewer layers above them now. */
  private static List<InputDeclaration> shifted(NetworkDeclaration network, int number, int by) {
    return network.inputs().stream()
        .map(input -> input.layersAbove() > number ? input.below(input.layersAbove() + by) : input)
        .toList();
  }

  /** What a layer reads, as {@code @From} calls it; empty if it reads several. */
  private static Optional<String> source(NetworkDeclaration network, int number) {
    LayerDeclaration layer = network.layers().get(number);
    if (layer.from().isPresent()) {
      return layer.sources().size() == 1 ? Optional.of(layer.sources().get(0)) : Optional.empty();
    }
    Optional<String> input =
        network.inputs().stream()
            .filter(above -> above.layersAbove() == number)
            .reduce((first, second) -> second)
            .map(InputDeclaration::source);
    return input.or(
        () ->
            Optional.of(
                number == 0 ? LayerDeclaration.INPUT : network.layers().get(number - 1).name()));
  }
}
