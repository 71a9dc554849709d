package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Losses;
import dev.tenon.runtime.train.Dataset;
import java.util.List;

/** A record of numbers: the outputs as they are. */
final class NumberLabels<L> extends LabelType<L, L, Tensor> {
  private final String network;
  private final Columns columns;
  private final RowWriter<L> writer;
  private final RowReader<L> reader;

  NumberLabels(String network, Columns columns, RowWriter<L> writer, RowReader<L> reader) {
    this.network = network;
    this.columns = columns;
    this.writer = writer;
    this.reader = reader;
  }

  @Override
  public Loss<Tensor> loss() {
    return Losses.meanSquaredError();
  }

  @Override
  Tensor targets(DType dtype, List<? extends L> labels) {
    return Rows.tensor(network, columns, writer, dtype, labels, row -> {});
  }

  @Override
  Dataset<Tensor> dataset(List<Tensor> inputs, Tensor targets) {
    return Dataset.of(inputs, targets);
  }

  @Override
  L decode(double[] outputs) {
    Row row = new Row(network, columns);
    System.arraycopy(outputs, 0, row.values(), 0, outputs.length);
    row.start();
    return reader.read(row);
  }
}
