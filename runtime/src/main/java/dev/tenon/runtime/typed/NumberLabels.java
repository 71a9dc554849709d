package dev.tenon.runtime.typed;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Losses;

/** A record of numbers: the outputs as they are. */
final class NumberLabels<L> extends RecordLabels<L, L> {
  NumberLabels(String network, Columns columns, RowWriter<L> writer, RowReader<L> reader) {
    super(network, columns, writer, reader);
  }

  @Override
  public Loss<Tensor> loss() {
    return Losses.meanSquaredError();
  }

  @Override
  L decode(double[] outputs) {
    return read(outputs);
  }
}
