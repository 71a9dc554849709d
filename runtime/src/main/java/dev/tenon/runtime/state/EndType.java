package dev.tenon.runtime.state;

import java.util.List;
import java.util.Objects;

/**
 * A Java type at one end of a network, as a file remembers it: a record's values or an enum's
 * constants, in the order of the network's inputs or outputs.
 *
 * @param type simple name of the record or enum
 * @param values {@code age} for a number, {@code colour.RED} for a constant, in their order
 */
public record EndType(String type, List<String> values) {
  private static final String AFTER_TYPE = ": ";
  private static final String BETWEEN = ", ";

  /**
   * A type.
   *
   * @param type simple name of the record or enum
   * @param values in their order; copied
   */
  public EndType {
    Objects.requireNonNull(type, "type");
    values = List.copyOf(Objects.requireNonNull(values, "values"));
  }

  /** As it stands in a file's metadata: {@code Species: SETOSA, VERSICOLOR}. */
  @Override
  public String toString() {
    return type + AFTER_TYPE + String.join(BETWEEN, values);
  }

  /** The values of a text that {@link #toString} gave. */
  static List<String> valuesOf(String text) {
    int end = text.indexOf(AFTER_TYPE);
    String values = end < 0 ? text : text.substring(end + AFTER_TYPE.length());
    return values.isEmpty() ? List.of() : List.of(values.split(BETWEEN, -1));
  }
}
