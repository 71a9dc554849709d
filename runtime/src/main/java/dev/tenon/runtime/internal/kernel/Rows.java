package dev.tenon.runtime.internal.kernel;

import dev.tenon.runtime.Tensor;
import java.util.Objects;

/**
 * Copies between tensors and the rows that generated kernels work on. A tensor {@code [batch,
 * features]} is one row per sample, {@code [batch, channels, height, width]} one row a channel of a
 * sample; either way the rows, one after the other, are the tensor in row-major order.
 */
public final class Rows {
  private Rows() {}

  /**
   * Copies a tensor to rows.
   *
   * @param source tensor of {@code count * rows[0].length} values
   * @param rows at least {@code count} rows
   * @param count number of rows to fill
   */
  public static void load(Tensor source, float[][] rows, int count) {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(rows, "rows");
    float[] values = source.floatArray();
    int at = source.offset();
    for (int i = 0; i < count; i++) {
      float[] row = rows[i];
      System.arraycopy(values, at, row, 0, row.length);
      at += row.length;
    }
  }

  /**
   * As {@link #load(Tensor, float[][], int)}, in double precision.
   *
   * @param source tensor of {@code count * rows[0].length} values
   * @param rows at least {@code count} rows
   * @param count number of rows to fill
   */
  public static void load(Tensor source, double[][] rows, int count) {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(rows, "rows");
    double[] values = source.doubleArray();
    int at = source.offset();
    for (int i = 0; i < count; i++) {
      double[] row = rows[i];
      System.arraycopy(values, at, row, 0, row.length);
      at += row.length;
    }
  }

  /**
   * As {@link #load(Tensor, float[][], int)}, of indices.
   *
   * @param source tensor of {@code count * rows[0].length} values
   * @param rows at least {@code count} rows
   * @param count number of rows to fill
   */
  public static void load(Tensor source, int[][] rows, int count) {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(rows, "rows");
    int[] values = source.intArray();
    int at = source.offset();
    for (int i = 0; i < count; i++) {
      int[] row = rows[i];
      System.arraycopy(values, at, row, 0, row.length);
      at += row.length;
    }
  }

  /**
   * Copies rows to a tensor.
   *
   * @param rows at least {@code count} rows
   * @param count number of rows to copy
   * @param target tensor of {@code count * rows[0].length} values
   */
  public static void store(float[][] rows, int count, Tensor target) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(target, "target");
    float[] values = target.floatArray();
    int at = target.offset();
    for (int i = 0; i < count; i++) {
      float[] row = rows[i];
      System.arraycopy(row, 0, values, at, row.length);
      at += row.length;
    }
  }

  /**
   * As {@link #store(float[][], int, Tensor)}, in double precision.
   *
   * @param rows at least {@code count} rows
   * @param count number of rows to copy
   * @param target tensor of {@code count * rows[0].length} values
   */
  public static void store(double[][] rows, int count, Tensor target) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(target, "target");
    double[] values = target.doubleArray();
    int at = target.offset();
    for (int i = 0; i < count; i++) {
      double[] row = rows[i];
      System.arraycopy(row, 0, values, at, row.length);
      at += row.length;
    }
  }
}
