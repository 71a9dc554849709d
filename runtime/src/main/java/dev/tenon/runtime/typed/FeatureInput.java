package dev.tenon.runtime.typed;

import java.util.Objects;

/**
 * One input of a network whose samples are records: the components that nobody reads by name, or
 * one that a layer does.
 *
 * <p>Internal: for generated code, and may change with any version.
 *
 * @param <F> the record
 */
public final class FeatureInput<F> {
  private final String name;
  private final Columns columns;
  private final RowWriter<F> writer;
  private final boolean isIndex;

  private FeatureInput(String name, Columns columns, RowWriter<F> writer, boolean isIndex) {
    this.name = name;
    this.columns = columns;
    this.writer = writer;
    this.isIndex = isIndex;
  }

  /**
   * An input of numbers.
   *
   * @param name of the network's input
   * @param columns what its values are called
   * @param writer writes them
   * @param <F> the record
   * @return the input
   */
  public static <F> FeatureInput<F> numbers(String name, Columns columns, RowWriter<F> writer) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(writer, "writer");
    return new FeatureInput<>(name, columns, writer, false);
  }

  /**
   * The number of an enum's constant, for an embedding.
   *
   * @param name of the network's input
   * @param columns the one column
   * @param writer writes the number
   * @param <F> the record
   * @return the input
   */
  public static <F> FeatureInput<F> index(String name, Columns columns, RowWriter<F> writer) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(writer, "writer");
    return new FeatureInput<>(name, columns, writer, true);
  }

  /**
   * The name of the network's input.
   *
   * @return as {@code model.inputs()} has it
   */
  public String name() {
    return name;
  }

  /**
   * What the values are called.
   *
   * @return one column for each value
   */
  public Columns columns() {
    return columns;
  }

  /**
   * Whether its values are numbers of constants, which an embedding looks up.
   *
   * @return false for numbers
   */
  public boolean isIndex() {
    return isIndex;
  }

  RowWriter<F> writer() {
    return writer;
  }
}
