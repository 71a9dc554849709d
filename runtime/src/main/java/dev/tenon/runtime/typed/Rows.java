package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import java.util.List;

/** Lists of objects to tensors: a row of numbers for each. */
final class Rows {
  /** Changes the values of a row before they are stored. */
  interface Change {
    void apply(double[] row);
  }

  private Rows() {}

  /** {@code [values.size(), columns]}. */
  static <V> Tensor tensor(
      String network,
      Columns columns,
      RowWriter<V> writer,
      DType dtype,
      List<? extends V> values,
      Change change) {
    Row row = new Row(network, columns);
    Tensor tensor = Tensor.zeros(dtype, values.size(), columns.size());
    int at = 0;
    int index = 0;
    for (V value : values) {
      row.write(value, writer, index++);
      change.apply(row.values());
      at = store(row, tensor, at);
    }
    return tensor;
  }

  /** {@code [1, columns]}. */
  static <V> Tensor tensor(
      String network, Columns columns, RowWriter<V> writer, DType dtype, V value, Change change) {
    Row row = new Row(network, columns);
    row.write(value, writer, -1);
    change.apply(row.values());
    Tensor tensor = Tensor.zeros(dtype, 1, columns.size());
    store(row, tensor, 0);
    return tensor;
  }

  /** Numbers of constants, {@code [values.size()]}. */
  static <V> Tensor indices(
      String network, Columns columns, RowWriter<V> writer, List<? extends V> values) {
    Row row = new Row(network, columns);
    int[] indices = new int[values.size()];
    int index = 0;
    for (V value : values) {
      row.write(value, writer, index);
      indices[index++] = (int) row.values()[0];
    }
    return Tensor.of(indices, indices.length);
  }

  /** The number of a constant, {@code [1]}. */
  static <V> Tensor index(String network, Columns columns, RowWriter<V> writer, V value) {
    Row row = new Row(network, columns);
    row.write(value, writer, -1);
    return Tensor.of(new int[] {(int) row.values()[0]}, 1);
  }

  private static int store(Row row, Tensor tensor, int from) {
    double[] values = row.values();
    if (tensor.dtype() == DType.FLOAT64) {
      System.arraycopy(values, 0, tensor.doubleArray(), from, values.length);
      return from + values.length;
    }
    float[] floats = tensor.floatArray();
    for (int i = 0; i < values.length; i++) {
      floats[from + i] = (float) values[i];
      if (Float.isInfinite(floats[from + i])) {
        throw row.tooLarge(i);
      }
    }
    return from + values.length;
  }
}
