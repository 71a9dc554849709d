package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.CrossEntropy;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Losses;
import dev.tenon.runtime.state.EndType;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.train.ConfusionMatrix;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of an enum's constants. */
@SuppressWarnings("EnumOrdinal") // Outputs stand in the order of the constants.
final class EnumLabels<L extends Enum<L>> extends LabelType<L, Classification<L>, int[]> {
  private final String type;
  private final List<L> constants;

  EnumLabels(String network, String type, List<L> constants) {
    super(network);
    this.type = type;
    this.constants = constants;
  }

  @Override
  public EndType end() {
    return new EndType(type, constants.stream().map(Enum::name).toList());
  }

  @Override
  public Loss<int[]> loss() {
    return Losses.crossEntropy();
  }

  @Override
  Loss<int[]> weighted(Loss<int[]> loss, Map<L, Double> weights) {
    if (!(loss instanceof CrossEntropy crossEntropy)) {
      throw new IllegalArgumentException(
          network()
              + ": classWeight goes with crossEntropy(), but the loss is another. Give that loss"
              + " its weights, in the order of the constants of "
              + type
              + ".");
    }
    double[] all = new double[constants.size()];
    for (L constant : constants) {
      all[constant.ordinal()] = weights.getOrDefault(constant, 1.0);
    }
    return crossEntropy.classWeights(all);
  }

  @Override
  int[] targets(DType dtype, State state, List<? extends L> labels) {
    int[] targets = new int[labels.size()];
    int index = 0;
    for (L label : labels) {
      if (label == null) {
        throw new IllegalArgumentException(
            network() + ": the " + type + " at index " + index + " is null.");
      }
      targets[index++] = label.ordinal();
    }
    return targets;
  }

  @Override
  Dataset<int[]> dataset(List<Tensor> inputs, int[] targets) {
    return Dataset.of(inputs, targets);
  }

  /** Softmax, shifted by the largest score so that no exponential overflows. */
  @Override
  Classification<L> decode(Outputs outputs) {
    double[] scores = outputs.values();
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i]) || scores[i] == Double.POSITIVE_INFINITY) {
        throw outputs.notANumber("the score of " + constants.get(i), scores[i]);
      }
      largest = Math.max(largest, scores[i]);
    }
    if (largest == Double.NEGATIVE_INFINITY) {
      throw outputs.notANumber("the score of " + constants.get(0) + ", like all others,", largest);
    }
    double sum = 0;
    for (double score : scores) {
      sum += StrictMath.exp(score - largest);
    }
    List<Candidate<L>> candidates = new ArrayList<>(scores.length);
    for (int i = 0; i < scores.length; i++) {
      candidates.add(new Candidate<>(constants.get(i), StrictMath.exp(scores[i] - largest) / sum));
    }
    return new Classification<>(candidates);
  }

  @Override
  TypedEvaluation<L> judge(
      Evaluation evaluation, State state, List<? extends L> labels, Tensor outputs) {
    int[] predicted = new int[labels.size()];
    List<Outputs> rows = rows(state, outputs);
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] = decode(rows.get(i)).label().ordinal();
    }
    ConfusionMatrix confusion =
        ConfusionMatrix.of(
                constants.size(),
                labels.stream().mapToInt(label -> label.ordinal()).toArray(),
                predicted)
            .withLabelNames(constants.stream().map(constant -> constant.name()).toList());
    return TypedEvaluation.ofClasses(network(), evaluation, constants, confusion);
  }
}
