package dev.tenon.processor.declaration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The values of one annotation, written or default.
 *
 * @param annotation simple name of the annotation, such as {@code Conv2d}
 * @param ref the annotation's place in the source
 * @param values every attribute in declaration order: Integer, Long, Double, Boolean, String (also
 *     for enum constants), TypeRef, or a List of these
 * @param written names of the attributes that the user wrote
 */
public record Attributes(
    String annotation, SourceRef ref, Map<String, Object> values, List<String> written) {

  /** The attribute whose name is left out where it is the only one that is written. */
  private static final String ONLY = "value";

  public Attributes {
    written = List.copyOf(written);
  }

  public boolean isWritten(String name) {
    return written.contains(name);
  }

  public int integer(String name) {
    return (Integer) value(name);
  }

  public double number(String name) {
    return ((Number) value(name)).doubleValue();
  }

  public boolean flag(String name) {
    return (Boolean) value(name);
  }

  public String text(String name) {
    return (String) value(name);
  }

  /** A class. */
  public TypeRef type(String name) {
    return (TypeRef) value(name);
  }

  /** Whether this is a class attribute that names one; {@code void} stands for none. */
  public boolean namesType(String name) {
    return values.get(name) instanceof TypeRef type && !type.name().equals("void");
  }

  /** An {@code int[]} attribute; a single value written without braces is a list of one. */
  public List<Integer> integers(String name) {
    return ((List<?>) value(name)).stream().map(Integer.class::cast).toList();
  }

  /** A {@code double[]} attribute; a single value written without braces is a list of one. */
  public List<Double> numbers(String name) {
    return ((List<?>) value(name)).stream().map(Double.class::cast).toList();
  }

  /** A {@code String[]} attribute; a single value written without braces is a list of one. */
  public List<String> texts(String name) {
    return ((List<?>) value(name)).stream().map(String.class::cast).toList();
  }

  /** Where a message about this attribute belongs: at its value if written, else the annotation. */
  public SourceRef at(String name) {
    return isWritten(name) ? ref.at(name) : ref;
  }

  /** The same with another value, written. */
  public Attributes with(String name, Object value) {
    List<String> names = new ArrayList<>(written);
    if (!names.contains(name)) {
      names.add(name);
    }
    return new Attributes(annotation, ref, replaced(name, value), names);
  }

  /** The same with an attribute left out, which has this value then. */
  public Attributes without(String name, Object value) {
    return new Attributes(
        annotation,
        ref,
        replaced(name, value),
        written.stream().filter(other -> !other.equals(name)).toList());
  }

  private Map<String, Object> replaced(String name, Object value) {
    Map<String, Object> replaced = new LinkedHashMap<>(values);
    replaced.put(name, value);
    return replaced;
  }

  private Object value(String name) {
    return Objects.requireNonNull(values.get(name), () -> "@" + annotation + " has no " + name);
  }

  /** The annotation as the user wrote it, one line: {@code @Conv2d(out = 16, kernel = 3)}. */
  @Override
  public String toString() {
    if (written.isEmpty()) {
      return "@" + annotation;
    }
    if (written.equals(List.of(ONLY))) {
      return "@" + annotation + "(" + text(value(ONLY)) + ")";
    }
    return written.stream()
        .map(name -> name + " = " + text(value(name)))
        .collect(Collectors.joining(", ", "@" + annotation + "(", ")"));
  }

  /** A value as one writes it: {@code {3, 4}}. */
  public static String text(Object value) {
    if (value instanceof List<?> list) {
      return list.size() == 1
          ? text(list.get(0))
          : list.stream().map(Attributes::text).collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Double number) {
      return number == Math.rint(number) && Math.abs(number) < 1e7
          ? String.format(Locale.ROOT, "%.1f", number)
          : number.toString();
    }
    return String.valueOf(value);
  }
}
