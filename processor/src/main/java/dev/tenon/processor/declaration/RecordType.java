package dev.tenon.processor.declaration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A record at an end of a network.
 *
 * @param components in their order; of what is left out, the name
 * @param isRight whether nothing about it has been reported
 */
public record RecordType(JavaType type, List<Component> components, boolean isRight) {
  public RecordType {
    components = List.copyOf(components);
  }

  /** How many values it has; long, as a wrong declaration may have more than an array holds. */
  public long width() {
    return components.stream().mapToLong(Component::width).sum();
  }

  /** The component of a path, such as {@code home.region}. */
  public Optional<Component> component(String path) {
    int dot = path.indexOf('.');
    String first = dot < 0 ? path : path.substring(0, dot);
    Optional<Component> found =
        components.stream()
            .filter(component -> component.name().equals(first))
            .filter(component -> !(component instanceof Component.LeftOut))
            .findFirst();
    return dot < 0
        ? found
        : found
            .filter(Component.Nested.class::isInstance)
            .flatMap(
                nested -> ((Component.Nested) nested).type().component(path.substring(dot + 1)));
  }

  /** The paths of all components, those of records within it among them. */
  public List<String> paths() {
    List<String> paths = new ArrayList<>();
    for (Component component : components) {
      if (!(component instanceof Component.LeftOut)) {
        paths.add(component.name());
      }
      if (component instanceof Component.Nested nested) {
        nested.type().paths().forEach(path -> paths.add(nested.name() + "." + path));
      }
    }
    return paths;
  }

  /** The record without the components of these paths. */
  public RecordType without(Set<String> paths) {
    return new RecordType(
        type, components.stream().map(component -> without(component, paths)).toList(), isRight);
  }

  private static Component without(Component component, Set<String> paths) {
    String name = component.name();
    if (paths.contains(name)) {
      return new Component.LeftOut(name);
    }
    if (!(component instanceof Component.Nested nested)) {
      return component;
    }
    RecordType rest =
        nested
            .type()
            .without(
                paths.stream()
                    .filter(path -> path.startsWith(name + "."))
                    .map(path -> path.substring(name.length() + 1))
                    .collect(Collectors.toSet()));
    return rest.width() == 0 ? new Component.LeftOut(name) : new Component.Nested(name, rest);
  }

  /** Whether any value is a number, which can be normalised. */
  public boolean hasNumbers() {
    return components.stream()
        .anyMatch(
            component ->
                component instanceof Component.OneNumber
                    || component instanceof Component.Numbers
                    || (component instanceof Component.Nested nested
                        && nested.type().hasNumbers()));
  }

  /** Whether any value is a {@code long}, which a double need not hold exactly. */
  public boolean hasLongs() {
    return components.stream()
        .anyMatch(
            component ->
                (component instanceof Component.OneNumber number
                        && number.type() == Component.NumberType.LONG)
                    || (component instanceof Component.Nested nested && nested.type().hasLongs()));
  }

  /** Whether any value is none: a boolean or an enum. */
  public boolean hasFlags() {
    return components.stream()
        .anyMatch(
            component ->
                component instanceof Component.Flag
                    || component instanceof Component.Choice
                    || (component instanceof Component.Nested nested && nested.type().hasFlags()));
  }
}
