package dev.tenon.runtime.typed;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Losses;
import java.util.ArrayList;
import java.util.List;

/** A record of booleans, each with a score of its own. */
final class FlagLabels<L> extends RecordLabels<L, MultiLabel<L>> {
  FlagLabels(String network, Columns columns, RowWriter<L> writer, RowReader<L> reader) {
    super(network, columns, writer, reader);
  }

  @Override
  public Loss<Tensor> loss() {
    return Losses.binaryCrossEntropyWithLogits();
  }

  @Override
  MultiLabel<L> decode(double[] outputs) {
    double[] probabilities = new double[outputs.length];
    List<Candidate<String>> candidates = new ArrayList<>(outputs.length);
    for (int i = 0; i < outputs.length; i++) {
      probabilities[i] = sigmoid(outputs[i]);
      candidates.add(new Candidate<>(names().get(i), probabilities[i]));
    }
    return new MultiLabel<>(read(probabilities), candidates);
  }
}
