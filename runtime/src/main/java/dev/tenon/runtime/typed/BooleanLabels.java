package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Losses;
import dev.tenon.runtime.state.EndType;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.train.ConfusionMatrix;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Evaluation;
import java.util.List;

/** True or false, by one score. */
final class BooleanLabels extends LabelType<Boolean, Classification<Boolean>, Tensor> {
  BooleanLabels(String network) {
    super(network);
  }

  @Override
  public EndType end() {
    return new EndType("Boolean", List.of("true"));
  }

  @Override
  public Loss<Tensor> loss() {
    return Losses.binaryCrossEntropyWithLogits();
  }

  @Override
  Tensor targets(DType dtype, State state, List<? extends Boolean> labels) {
    Tensor targets = Tensor.zeros(dtype, labels.size(), 1);
    int index = 0;
    for (Boolean label : labels) {
      if (label == null) {
        throw new IllegalArgumentException(
            network() + ": the label at index " + index + " is null.");
      }
      targets.set(label ? 1 : 0, index++, 0);
    }
    return targets;
  }

  @Override
  Dataset<Tensor> dataset(List<Tensor> inputs, Tensor targets) {
    return Dataset.of(inputs, targets);
  }

  @Override
  Classification<Boolean> decode(Outputs outputs) {
    double score = outputs.values()[0];
    if (Double.isNaN(score)) {
      throw outputs.notANumber("the score of true", score);
    }
    return new Classification<>(
        List.of(new Candidate<>(false, sigmoid(-score)), new Candidate<>(true, sigmoid(score))));
  }

  @Override
  TypedEvaluation<Boolean> judge(
      Evaluation evaluation, State state, List<? extends Boolean> labels, Tensor outputs) {
    int[] actual = new int[labels.size()];
    int[] predicted = new int[labels.size()];
    List<Outputs> rows = rows(state, outputs);
    for (int i = 0; i < actual.length; i++) {
      actual[i] = labels.get(i) ? 1 : 0;
      predicted[i] = decode(rows.get(i)).label() ? 1 : 0;
    }
    ConfusionMatrix confusion =
        ConfusionMatrix.of(2, actual, predicted).withLabelNames(List.of("false", "true"));
    return TypedEvaluation.ofClasses(network(), evaluation, List.of(false, true), confusion);
  }
}
