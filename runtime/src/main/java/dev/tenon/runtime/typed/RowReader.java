package dev.tenon.runtime.typed;

/**
 * Makes an object of a row's values. The processor writes the code.
 *
 * <p>Internal: for generated code, and may change with any version.
 *
 * @param <V> a record
 */
@FunctionalInterface
public interface RowReader<V> {
  /**
   * Reads all values, in the order of the columns.
   *
   * @param row gives the values
   * @return a new object
   */
  V read(Row row);
}
