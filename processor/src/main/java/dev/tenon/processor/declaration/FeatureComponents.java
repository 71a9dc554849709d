package dev.tenon.processor.declaration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The components of the features that layers read by their names. Each is an input of its own, and
 * what is left of the record is one more, the network's input.
 */
public final class FeatureComponents {
  /** The attribute of an embedding that follows from an enum. */
  private static final String NUM = "num";

  private FeatureComponents() {}

  /**
   * The network with an input for each component that a layer names, and with the number of an
   * enum's constants where an embedding leaves it out.
   *
   * @param network as it was read
   * @return the same network if no layer names a component
   */
  public static NetworkDeclaration resolve(NetworkDeclaration network) {
    Optional<RecordType> record =
        network
            .ends()
            .features()
            .filter(features -> features.isRight() && network.inputs().isEmpty())
            .filter(features -> !network.attributes().isWritten("input"));
    List<NamedComponent> named =
        record.map(features -> named(features, network.layers())).orElse(List.of());
    if (named.isEmpty()) {
      return network;
    }
    Ends ends = network.ends().naming(named);
    return network
        .with(ends)
        .with(
            counted(network.layers(), ends), inputs(ends, network.attributes()), network.outputs());
  }

  /** The components of a record that layers name, in the order in which they do. */
  private static List<NamedComponent> named(RecordType record, List<LayerDeclaration> layers) {
    Set<String> taken = layers.stream().map(LayerDeclaration::name).collect(Collectors.toSet());
    Map<String, Component> found = new LinkedHashMap<>();
    for (LayerDeclaration layer : layers) {
      for (String name : layer.sources()) {
        if (!taken.contains(name)) {
          record.component(name).ifPresent(component -> found.put(name, component));
        }
      }
    }
    Set<String> names = new HashSet<>(taken);
    names.add(InputDeclaration.UNNAMED);
    List<NamedComponent> named = new ArrayList<>();
    found.forEach(
        (path, component) ->
            named.add(
                new NamedComponent(path, free(path, names), own(component, path, found.keySet()))));
    return named;
  }

  /** A component without those within it that are inputs of their own. */
  private static Component own(Component component, String path, Set<String> named) {
    return component instanceof Component.Nested nested
        ? new Component.Nested(
            nested.name(),
            nested
                .type()
                .without(
                    named.stream()
                        .filter(other -> other.startsWith(path + "."))
                        .map(other -> other.substring(path.length() + 1))
                        .collect(Collectors.toSet())))
        : component;
  }

  /** {@code homeRegion} for {@code home.region}, with a number behind it if that is taken. */
  private static String free(String path, Set<String> taken) {
    StringBuilder base = new StringBuilder();
    for (String part : path.split("\\.", -1)) {
      base.append(
          base.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    String name = base.toString();
    for (int i = 2; !taken.add(name); i++) {
      name = base.toString() + i;
    }
    return name;
  }

  private static List<InputDeclaration> inputs(Ends ends, Attributes network) {
    List<InputDeclaration> inputs = new ArrayList<>();
    long rest = ends.unnamed().orElseThrow().width();
    if (rest > 0) {
      inputs.add(
          input(
              InputDeclaration.UNNAMED, LayerDeclaration.INPUT, false, List.of(rest), 0, network));
    }
    for (NamedComponent one : ends.named()) {
      List<Long> sizes = one.isIndex() ? List.of() : List.of(one.component().width());
      inputs.add(input(one.input(), one.path(), one.isIndex(), sizes, -1, network));
    }
    return inputs;
  }

  private static InputDeclaration input(
      String name,
      String source,
      boolean isIndex,
      List<Long> sizes,
      int layersAbove,
      Attributes network) {
    List<Integer> limited =
        sizes.stream().map(size -> (int) Math.min(size, Integer.MAX_VALUE)).toList();
    Attributes attributes =
        new Attributes(
            isIndex ? InputDeclaration.INDICES : InputDeclaration.NUMBERS,
            network.at("features"),
            Map.of("value", limited),
            List.of());
    return new InputDeclaration(network.ref().member(), name, source, attributes, "", layersAbove);
  }

  /** The layers, with the number of an enum's constants where an embedding leaves it out. */
  private static List<LayerDeclaration> counted(List<LayerDeclaration> layers, Ends ends) {
    Map<String, Integer> constants =
        ends.named().stream()
            .filter(NamedComponent::isIndex)
            .collect(
                Collectors.toMap(
                    NamedComponent::path, one -> ((Component.Choice) one.component()).constants()));
    return layers.stream()
        .map(
            layer -> {
              boolean leftOut =
                  layer.attributes().values().containsKey(NUM)
                      && !layer.attributes().isWritten(NUM);
              return leftOut
                      && layer.sources().size() == 1
                      && constants.containsKey(layer.sources().get(0))
                  ? layer.counting(NUM, constants.get(layer.sources().get(0)))
                  : layer;
            })
        .toList();
  }
}
