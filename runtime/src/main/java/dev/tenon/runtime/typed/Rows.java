package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import java.util.List;

/** Lists of objects to tensors: a row of numbers for each. */
final class Rows {
  private Rows() {}

  /** {@code [values.size(), columns]}. */
  static <V> Tensor tensor(
      String network,
      Columns columns,
      RowWriter<V> writer,
      DType dtype,
      List<? extends V> values,
      Moments moments) {
    Row row = new Row(network, columns);
    Tensor tensor = Tensor.zeros(dtype, values.size(), columns.size());
    int at = 0;
    int index = 0;
    for (V value : values) {
      row.write(value, writer, index++);
      at = store(row, moments, tensor, at);
    }
    return tensor;
  }

  /** {@code [1, columns]}. */
  static <V> Tensor tensor(
      String network, Columns columns, RowWriter<V> writer, DType dtype, V value, Moments moments) {
    Row row = new Row(network, columns);
    row.write(value, writer, -1);
    Tensor tensor = Tensor.zeros(dtype, 1, columns.size());
    store(row, moments, tensor, 0);
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

  private static int store(Row row, Moments moments, Tensor tensor, int from) {
    int columns = row.values().length;
    boolean single = tensor.dtype() == DType.FLOAT32;
    for (int i = 0; i < columns; i++) {
      double value = moments.normalized(row, i);
      if (!Double.isFinite(single ? (float) value : value)) {
        throw row.tooLarge(i, value, moments, tensor.dtype());
      }
      if (single) {
        tensor.floatArray()[from + i] = (float) value;
      } else {
        tensor.doubleArray()[from + i] = value;
      }
    }
    return from + columns;
  }
}
