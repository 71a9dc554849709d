package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Losses;
import dev.tenon.runtime.train.Dataset;
import java.util.List;

/** True or false, by one score. */
final class BooleanLabels extends LabelType<Boolean, Classification<Boolean>, Tensor> {
  private final String network;

  BooleanLabels(String network) {
    this.network = network;
  }

  @Override
  public Loss<Tensor> loss() {
    return Losses.binaryCrossEntropyWithLogits();
  }

  @Override
  Tensor targets(DType dtype, List<? extends Boolean> labels) {
    Tensor targets = Tensor.zeros(dtype, labels.size(), 1);
    int index = 0;
    for (Boolean label : labels) {
      if (label == null) {
        throw new IllegalArgumentException(network + ": the label at index " + index + " is null.");
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
  Classification<Boolean> decode(double[] outputs) {
    return new Classification<>(
        List.of(
            new Candidate<>(false, sigmoid(-outputs[0])),
            new Candidate<>(true, sigmoid(outputs[0]))));
  }
}
