package dev.tenon.processor.declaration;

import java.util.List;

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
