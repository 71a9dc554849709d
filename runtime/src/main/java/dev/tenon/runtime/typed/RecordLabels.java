package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import java.util.List;

/** A record as the labels: a value of its own for each component, in a tensor. */
abstract sealed class RecordLabels<L, P> extends LabelType<L, P, Tensor>
    permits FlagLabels, NumberLabels {
  private final String network;
  private final Columns columns;
  private final RowWriter<L> writer;
  private final RowReader<L> reader;

  RecordLabels(String network, Columns columns, RowWriter<L> writer, RowReader<L> reader) {
    this.network = network;
    this.columns = columns;
    this.writer = writer;
    this.reader = reader;
  }

  @Override
  final Tensor targets(DType dtype, List<? extends L> labels) {
    return Rows.tensor(network, columns, writer, dtype, labels, Moments.none(columns.size()));
  }

  @Override
  final Dataset<Tensor> dataset(List<Tensor> inputs, Tensor targets) {
    return Dataset.of(inputs, targets);
  }

  /** What the columns are called. */
  final List<String> names() {
    return columns.names();
  }

  /** The record of these values, one for each column. */
  final L read(double[] values) {
    Row row = new Row(network, columns);
    System.arraycopy(values, 0, row.values(), 0, values.length);
    row.start();
    return reader.read(row);
  }
}
