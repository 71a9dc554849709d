package dev.tenon.processor.plan.schedule;

/**
 * Where the values of a tensor lie in memory.
 *
 * <p>Just-in-time compilers turn a loop over arrays into vector instructions only when every array
 * is indexed by the loop variable plus a constant; two different run-time offsets defeat it. So
 * batched values are arrays of rows, one Java array a row, and the inner loop runs along a row.
 */
public sealed interface Layout {
  /**
   * {@code type[][]}: the first axes, row-major, number the rows; the others lie in the row.
   *
   * @param leading how many axes number the rows
   */
  record Rows(int leading) implements Layout {}

  /** {@code type[]} of its own. */
  record Flat() implements Layout {}

  /**
   * {@code type[]}, or a slice of one of the model's flat state arrays, in another order than that
   * of the dimensions.
   */
  record Formatted(MemoryFormat format) implements Layout {}

  /** A slice of one of the model's flat state arrays, at an offset that the caller passes. */
  record StateSlice() implements Layout {}
}
