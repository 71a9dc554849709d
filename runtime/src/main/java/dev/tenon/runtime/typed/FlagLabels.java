package dev.tenon.runtime.typed;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Losses;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.train.ConfusionMatrix;
import dev.tenon.runtime.train.Evaluation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  MultiLabel<L> decode(Outputs outputs) {
    double[] scores = outputs.values();
    double[] probabilities = new double[scores.length];
    List<Candidate<String>> candidates = new ArrayList<>(scores.length);
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw outputs.notANumber("the score of " + names().get(i), scores[i]);
      }
      probabilities[i] = sigmoid(scores[i]);
      candidates.add(new Candidate<>(names().get(i), probabilities[i]));
    }
    return new MultiLabel<>(read(probabilities, outputs), candidates);
  }

  @Override
  TypedEvaluation<L> judge(
      Evaluation evaluation, State state, List<? extends L> labels, Tensor outputs) {
    int size = names().size();
    int[][] actual = new int[size][labels.size()];
    int[][] predicted = new int[size][labels.size()];
    double[][] values = valuesOf(labels);
    List<Outputs> rows = rows(state, outputs);
    for (int i = 0; i < values.length; i++) {
      MultiLabel<L> prediction = decode(rows.get(i));
      for (int k = 0; k < size; k++) {
        actual[k][i] = (int) values[i][k];
        predicted[k][i] = prediction.probability(names().get(k)) > 0.5 ? 1 : 0;
      }
    }
    Map<String, ConfusionMatrix> confusions = new LinkedHashMap<>();
    for (int k = 0; k < size; k++) {
      confusions.put(
          names().get(k),
          ConfusionMatrix.of(2, actual[k], predicted[k]).withLabelNames(List.of("false", "true")));
    }
    return TypedEvaluation.ofFlags(network(), evaluation, confusions);
  }
}
