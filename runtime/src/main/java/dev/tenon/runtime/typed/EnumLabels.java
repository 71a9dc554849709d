package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Losses;
import dev.tenon.runtime.train.Dataset;
import java.util.ArrayList;
import java.util.List;

/** One of an enum's constants. */
final class EnumLabels<L extends Enum<L>> extends LabelType<L, Classification<L>, int[]> {
  private final String network;
  private final String type;
  private final List<L> constants;

  EnumLabels(String network, String type, List<L> constants) {
    this.network = network;
    this.type = type;
    this.constants = constants;
  }

  @Override
  public Loss<int[]> loss() {
    return Losses.crossEntropy();
  }

  @Override
  @SuppressWarnings("EnumOrdinal") // Outputs stand in the order of the constants.
  int[] targets(DType dtype, List<? extends L> labels) {
    int[] targets = new int[labels.size()];
    int index = 0;
    for (L label : labels) {
      if (label == null) {
        throw new IllegalArgumentException(
            network + ": the " + type + " at index " + index + " is null.");
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
  Classification<L> decode(double[] outputs) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double score : outputs) {
      largest = Math.max(largest, score);
    }
    double sum = 0;
    for (double score : outputs) {
      sum += StrictMath.exp(score - largest);
    }
    List<Candidate<L>> candidates = new ArrayList<>(outputs.length);
    for (int i = 0; i < outputs.length; i++) {
      candidates.add(new Candidate<>(constants.get(i), StrictMath.exp(outputs[i] - largest) / sum));
    }
    return new Classification<>(candidates);
  }
}
