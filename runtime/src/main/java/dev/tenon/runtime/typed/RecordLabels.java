package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.state.EndType;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.train.Dataset;
import java.util.List;

/** A record as the labels: a value of its own for each component, in a tensor. */
abstract sealed class RecordLabels<L, P> extends LabelType<L, P, Tensor>
    permits FlagLabels, NumberLabels {
  private final Columns columns;
  private final RowWriter<L> writer;
  private final RowReader<L> reader;

  RecordLabels(String network, Columns columns, RowWriter<L> writer, RowReader<L> reader) {
    super(network);
    this.columns = columns;
    this.writer = writer;
    this.reader = reader;
  }

  /** What labels are normalised by. */
  Moments moments(State state) {
    return Moments.none(columns.size());
  }

  final Moments momentsOf(List<? extends L> labels) {
    return Moments.of(network(), columns, writer, labels);
  }

  @Override
  public final EndType end() {
    return new EndType(columns.type(), columns.values());
  }

  @Override
  final Tensor targets(DType dtype, State state, List<? extends L> labels) {
    return Rows.tensor(network(), columns, writer, dtype, labels, moments(state));
  }

  @Override
  final Dataset<Tensor> dataset(List<Tensor> inputs, Tensor targets) {
    return Dataset.of(inputs, targets);
  }

  /** What the columns are called. */
  final List<String> names() {
    return columns.names();
  }

  /** The values of each label as they are. */
  final double[][] valuesOf(List<? extends L> labels) {
    double[][] values = new double[labels.size()][];
    Row row = new Row(network(), columns);
    int index = 0;
    for (L label : labels) {
      row.write(label, writer, index);
      values[index++] = row.values().clone();
    }
    return values;
  }

  /** The record of these values, one for each column. */
  final L read(double[] values, Outputs outputs) {
    Row row = new Row(network(), columns);
    System.arraycopy(values, 0, row.values(), 0, values.length);
    row.start();
    try {
      return reader.read(row);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          outputs.subject()
              + " cannot become a "
              + columns.type()
              + ", because its constructor threw "
              + e
              + " for "
              + row.described()
              + ". Outputs may be any numbers: let the constructor take them, or end the network"
              + " with a layer that cannot give such ones.",
          e);
    }
  }
}
