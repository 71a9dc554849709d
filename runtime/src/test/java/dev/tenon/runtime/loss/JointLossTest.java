package dev.tenon.runtime.loss;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.loss.Losses.joint;
import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** A loss for each of several outputs; values against PyTorch are in the integration tests. */
class JointLossTest {
  private static final JointLoss LOSS = joint(crossEntropy()).and(meanSquaredError(), 0.5);

  private final Tensor scores = Tensor.of(new double[] {1, 2, 3, 1, 0, -1}, 2, 3);
  private final Tensor values = Tensor.of(new double[] {1, 4}, 2, 1);
  private final Tensor[] predictions = {scores, values};
  private final Tensor wanted = Tensor.of(new double[] {3, 3}, 2, 1);

  @Test
  void isTheWeightedSum() {
    JointTargets targets = JointTargets.of(new int[] {2, 0}).and(wanted);
    assertThat(LOSS.forwardEach(predictions, targets))
        .containsExactly(crossEntropy().forward(scores, new int[] {2, 0}), 2.5);
    Tensor[] gradients = {Tensor.zeros(DType.FLOAT64, 2, 3), Tensor.zeros(DType.FLOAT64, 2, 1)};
    double loss = LOSS.forwardBackward(predictions, targets, gradients);
    assertThat(loss).isEqualTo(LOSS.forward(predictions, targets));
    assertThat(loss).isEqualTo(crossEntropy().forward(scores, new int[] {2, 0}) + 0.5 * 2.5);
    // 0.5 * 2 (x - t) / 2
    assertThat(gradients[1].toDoubleArray()).containsExactly(-1, 0.5);
    assertThat(LOSS.reduction()).isEqualTo(Reduction.MEAN);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    JointTargets swapped = JointTargets.of(wanted).and(new int[] {2, 0});
    assertThatThrownBy(() -> LOSS.check(predictions, swapped))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "JointLoss: the targets of output 0 are values, a Tensor, which CrossEntropy does not"
                + " take.");
    assertThatThrownBy(() -> LOSS.check(predictions, JointTargets.of(wanted)))
        .hasMessage("JointLoss: there are 2 losses, but 2 outputs and targets for 1.");
    assertThatThrownBy(() -> joint(meanSquaredError(), -1))
        .hasMessage("JointLoss: a weight must be finite and at least 0, but is -1.0.");
    Objective<Tensor> single = Objective.of(meanSquaredError());
    assertThatThrownBy(() -> single.forward(predictions, wanted))
        .hasMessage(
            "MeanSquaredError: this is the loss of one output, but there are 2. Give each its loss:"
                + " joint(...).and(...).");
  }
}
