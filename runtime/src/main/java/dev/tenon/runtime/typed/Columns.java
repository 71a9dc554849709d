package dev.tenon.runtime.typed;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the values of a record are called once they stand in a row: one column for a number or a
 * boolean, one for each constant of an enum, one for each element of an array. Those of a nested
 * record stand in its place.
 *
 * <p>Internal: for generated code, and may change with any version.
 */
public final class Columns {
  private final String type;
  private final List<String> names;
  private final List<String> components;

  /** Names, and in place of an enum's number its constants. */
  private final List<String> values;

  private final boolean[] numbers;

  private Columns(Builder builder) {
    type = builder.type;
    names = List.copyOf(builder.names);
    components = List.copyOf(builder.components);
    values = List.copyOf(builder.values);
    numbers = new boolean[names.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = builder.numbers.get(i);
    }
  }

  /**
   * Starts a description.
   *
   * @param type simple name of the record, for messages
   * @return an empty builder
   */
  public static Builder builder(String type) {
    Objects.requireNonNull(type, "type");
    return new Builder(type);
  }

  /**
   * The number of columns.
   *
   * @return at least 1
   */
  public int size() {
    return names.size();
  }

  /**
   * The columns' names: {@code age} for a number or a boolean, {@code colour.RED} for a constant,
   * {@code spectrum[3]} for an element, {@code address.zip} for what a nested record has.
   *
   * @return one for every column, unmodifiable
   */
  public List<String> names() {
    return names;
  }

  /**
   * Whether a column holds numbers, which can be normalised; booleans and constants are 0 or 1.
   *
   * @param column in {@code [0, size)}
   * @return true for numbers and elements of arrays
   */
  public boolean isNumber(int column) {
    return numbers[column];
  }

  /** What a file remembers: everything whose order matters. */
  List<String> values() {
    return values;
  }

  /** Simple name of the record. */
  String type() {
    return type;
  }

  /** The component that a column belongs to. */
  String component(int column) {
    return components.get(column);
  }

  /** Returns the record and the names of its columns. */
  @Override
  public String toString() {
    return type + ": " + String.join(", ", names);
  }

  /** Describes columns, in their order. */
  public static final class Builder {
    private final String type;
    private final List<String> names = new ArrayList<>();
    private final List<String> components = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private final List<Boolean> numbers = new ArrayList<>();

    private Builder(String type) {
      this.type = type;
    }

    /**
     * Adds a number.
     *
     * @param component path of the component, such as {@code address.zip}
     */
    public void number(String component) {
      Objects.requireNonNull(component, "component");
      add(component, component, true);
      values.add(component);
    }

    /**
     * Adds an array of numbers.
     *
     * @param component path of the component
     * @param size how many elements it has
     */
    public void numbers(String component, int size) {
      Objects.requireNonNull(component, "component");
      for (int i = 0; i < size; i++) {
        add(component, component + "[" + i + "]", true);
        values.add(component + "[" + i + "]");
      }
    }

    /**
     * Adds a boolean.
     *
     * @param component path of the component
     */
    public void flag(String component) {
      Objects.requireNonNull(component, "component");
      add(component, component, false);
      values.add(component);
    }

    /**
     * Adds an enum: a column for each constant.
     *
     * @param component path of the component
     * @param constants how many the enum had when the network was compiled
     * @param now those that it has
     * @throws IllegalStateException if there are more or fewer now
     */
    public void choice(String component, int constants, Enum<?>[] now) {
      Objects.requireNonNull(component, "component");
      Objects.requireNonNull(now, "now");
      requireSame(type + "." + component, constants, now);
      for (Enum<?> constant : now) {
        add(component, component + "." + constant.name(), false);
        values.add(component + "." + constant.name());
      }
    }

    /**
     * Adds the number of an enum's constant, one column.
     *
     * @param component path of the component
     * @param constants how many the enum had when the network was compiled
     * @param now those that it has
     * @throws IllegalStateException if there are more or fewer now
     */
    public void index(String component, int constants, Enum<?>[] now) {
      Objects.requireNonNull(component, "component");
      Objects.requireNonNull(now, "now");
      requireSame(type + "." + component, constants, now);
      add(component, component, false);
      for (Enum<?> constant : now) {
        values.add(component + "." + constant.name());
      }
    }

    /**
     * Ends the description.
     *
     * @return the columns
     */
    public Columns build() {
      return new Columns(this);
    }

    private void add(String component, String name, boolean number) {
      components.add(component);
      names.add(name);
      numbers.add(number);
    }
  }

  /** An enum may have been compiled again without the network. */
  static void requireSame(String what, int constants, Enum<?>[] now) {
    if (now.length != constants) {
      throw new IllegalStateException(
          what
              + ": the enum had "
              + constants
              + " constants when the network was compiled and has "
              + now.length
              + " now; compile the network again.");
    }
  }
}
