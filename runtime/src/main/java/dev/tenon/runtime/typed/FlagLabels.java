package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Losses;
import dev.tenon.runtime.train.Dataset;
import java.util.ArrayList;
import java.util.List;

/** A record of booleans, each with a score of its own. */
final class FlagLabels<L> extends LabelType<L, MultiLabel<L>, Tensor> {
  private final String network;
  private final Columns columns;
  private final RowWriter<L> writer;
  private final RowReader<L> reader;

  FlagLabels(String network, Columns columns, RowWriter<L> writer, RowReader<L> reader) {
    this.network = network;
    this.columns = columns;
    this.writer = writer;
    this.reader = reader;
  }

  @Override
  public Loss<Tensor> loss() {
    return Losses.binaryCrossEntropyWithLogits();
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
  MultiLabel<L> decode(double[] outputs) {
    Row row = new Row(network, columns);
    List<Candidate<String>> candidates = new ArrayList<>(outputs.length);
    for (int i = 0; i < outputs.length; i++) {
      row.values()[i] = sigmoid(outputs[i]);
      candidates.add(new Candidate<>(columns.names().get(i), row.values()[i]));
    }
    row.start();
    return new MultiLabel<>(reader.read(row), candidates);
  }
}
