package dev.tenon.runtime.typed;

/**
 * Writes the values of an object into a row, component by component. The processor writes the code.
 *
 * <p>Internal: for generated code, and may change with any version.
 *
 * @param <V> a record, or another type at an end of a network
 */
@FunctionalInterface
public interface RowWriter<V> {
  /**
   * Writes all values, in the order of the columns.
   *
   * @param value not null
   * @param row takes the values
   */
  void write(V value, Row row);
}
