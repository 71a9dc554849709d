package dev.tenon.runtime.loss;

import static dev.tenon.runtime.loss.Losses.binaryCrossEntropyWithLogits;
import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.loss.Losses.crossEntropyProbabilities;
import static dev.tenon.runtime.loss.Losses.huber;
import static dev.tenon.runtime.loss.Losses.joint;
import static dev.tenon.runtime.loss.Losses.l1;
import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static dev.tenon.runtime.loss.Losses.negativeLogLikelihood;
import static dev.tenon.runtime.loss.Losses.smoothL1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.random.Randoms;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class LossTest {
  /** Semantics 8. */
  @Test
  void workedExamples() {
    Tensor logits = Tensor.of(new double[] {1, 2, 3, 1, 0, -1}, 2, 3);

    assertThat(Losses.crossEntropy().forward(logits, new int[] {2, 0}))
        .isEqualTo(0.4076059644443804, within(1e-15));
    assertThat(Losses.crossEntropy().labelSmoothing(0.1).forward(logits, new int[] {2, 1}))
        .isEqualTo(0.9576059644443804, within(1e-15));
  }

  @Test
  void nothingToLearnFromIsNaNOnAverageAndZeroInSum() {
    Tensor empty = Tensor.zeros(DType.FLOAT32, 0, 3);
    Tensor logits = Tensor.of(new float[] {1, 2, 3}, 1, 3);
    int[] ignored = {-100};
    Tensor gradient = Tensor.of(new float[] {7, 7, 7}, 1, 3);

    assertThat(Losses.crossEntropy().forward(empty, new int[0])).isNaN();
    assertThat(Losses.crossEntropy().reduction(Reduction.SUM).forward(empty, new int[0])).isZero();
    assertThat(Losses.crossEntropy().forward(logits, ignored)).isNaN();
    assertThat(Losses.crossEntropy().reduction(Reduction.SUM).forward(logits, ignored)).isZero();
    assertThat(Losses.crossEntropy().forwardBackward(logits, ignored, gradient)).isNaN();
    assertThat(gradient.toFloatArray()).containsOnly(0f);
    assertThat(Losses.crossEntropyProbabilities().forward(empty, empty)).isNaN();
    assertThat(Losses.meanSquaredError().forward(empty, empty)).isNaN();
    assertThat(Losses.meanSquaredError().reduction(Reduction.SUM).forward(empty, empty)).isZero();
  }

  @Test
  void largeScoresNeitherOverflowNorVanish() {
    Tensor logits = Tensor.of(new float[] {1e30f, 0, -1e30f}, 1, 3);
    Tensor gradient = Tensor.zeros(DType.FLOAT32, 1, 3);

    assertThat(Losses.crossEntropy().forwardBackward(logits, new int[] {0}, gradient)).isZero();
    assertThat(gradient.toFloatArray()).containsExactly(0, 0, 0);
    assertThat(Losses.crossEntropy().forwardBackward(logits, new int[] {1}, gradient))
        .isEqualTo((double) 1e30f);
    assertThat(gradient.toFloatArray()).containsExactly(1, -1, 0);
  }

  @Test
  void nanAndInfinityShow() {
    CrossEntropy loss = Losses.crossEntropy();
    int[] first = {0};
    float infinity = Float.POSITIVE_INFINITY;
    assertThat(loss.forward(Tensor.of(new float[] {1, Float.NaN}, 1, 2), first)).isNaN();
    assertThat(loss.forward(Tensor.of(new float[] {1, infinity}, 1, 2), first)).isNaN();
    assertThat(loss.forward(Tensor.of(new float[] {-infinity, -infinity}, 1, 2), first)).isNaN();
    assertThat(loss.forward(Tensor.of(new float[] {-infinity, 0}, 1, 2), first))
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void aBadLabelIsNamedBeforeAnythingIsWritten() {
    Tensor logits = Tensor.zeros(DType.FLOAT32, 3, 4);
    Tensor gradient = Tensor.zeros(DType.FLOAT32, 3, 4);
    gradient.fill(7);
    CrossEntropy loss = Losses.crossEntropy();

    assertThatThrownBy(() -> loss.forwardBackward(logits, new int[] {0, 1, 4}, gradient))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "CrossEntropy: target 4 at position 2 is outside [0, 4), the classes of a prediction of"
                + " float32 [3, 4], and is not the ignored index -100. Labels start at 0: subtract 1"
                + " from labels that count from 1.");
    assertThat(gradient.toFloatArray()).containsOnly(7f);
    assertThatThrownBy(() -> loss.forward(logits, new int[] {0, -1, 0}))
        .hasMessageContaining("target -1 at position 1");
    assertThatThrownBy(() -> loss.ignoreIndex(-1).forward(logits, new int[] {0, -1, -100}))
        .hasMessageContaining("target -100 at position 2");
    assertThatThrownBy(() -> loss.forward(logits.reshape(1, 4, 3), new int[] {0, 1, 9}))
        .hasMessageContaining("target 9 at position 2 (sample 0)");
  }

  @Test
  void shapesMustFit() {
    Tensor logits = Tensor.zeros(DType.FLOAT32, 3, 4);
    int[] labels = {0, 1, 2};

    assertThatThrownBy(() -> Losses.crossEntropy().forward(logits, new int[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "CrossEntropy: a prediction of float32 [3, 4] needs 3 targets, but 2 were given.");
    assertThatThrownBy(() -> Losses.crossEntropy().forward(logits.reshape(12), new int[12]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[batch, classes]");
    assertThatThrownBy(() -> Losses.crossEntropy().classWeights(1, 2).forward(logits, labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "CrossEntropy: 2 class weights were given, but the prediction float32 [3, 4] has 4"
                + " classes.");
    assertThatThrownBy(
            () ->
                Losses.crossEntropy()
                    .forwardBackward(logits, labels, Tensor.zeros(DType.FLOAT32, 4, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "CrossEntropy: the gradient must have the shape and type of the prediction, float32"
                + " [3, 4], but is float32 [4, 3].");
    assertThatThrownBy(
            () -> Losses.crossEntropy().elementwise(logits, labels, Tensor.zeros(DType.FLOAT64, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without axis 1, but are float64 [3]");
    assertThatThrownBy(
            () ->
                Losses.crossEntropyProbabilities()
                    .forward(logits, Tensor.zeros(DType.FLOAT64, 3, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but is float64 [3, 4]");
    assertThatThrownBy(
            () -> Losses.meanSquaredError().forward(logits, Tensor.zeros(DType.FLOAT32, 3, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "MeanSquaredError: the target must have the shape and type of the prediction, float32"
                + " [3, 4], but is float32 [3, 1].");
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> Losses.crossEntropy().labelSmoothing(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("CrossEntropy: labelSmoothing must be in [0, 1], but is 1.5.");
    assertThatThrownBy(() -> Losses.crossEntropyProbabilities().labelSmoothing(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Losses.crossEntropy().classWeights(1, -2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "CrossEntropy: class weights must be finite and at least 0, but weight 1 is -2.0.");
  }

  @Test
  void optionsMakeCopies() {
    CrossEntropy plain = Losses.crossEntropy();
    CrossEntropy sum = plain.reduction(Reduction.SUM);

    assertThat(plain.reduction()).isEqualTo(Reduction.MEAN);
    assertThat(sum.reduction()).isEqualTo(Reduction.SUM);
  }

  /** Semantics 13: central differences, step 1e-6. */
  @Test
  void gradientsAgreeWithFiniteDifferences() {
    Tensor x = random(1, 3, 4, 2);
    Tensor t = random(2, 3, 4, 2);
    int[] labels = {0, 3, -100, 2, 1, 1};
    CrossEntropy hard = Losses.crossEntropy().labelSmoothing(0.2).classWeights(1, 2, 0.5, 0.25);
    CrossEntropyProbabilities soft =
        Losses.crossEntropyProbabilities().labelSmoothing(0.2).classWeights(1, 2, 0.5, 0.25);
    MeanSquaredError squared = Losses.meanSquaredError();
    Tensor g = Tensor.zeros(DType.FLOAT64, 3, 4, 2);

    hard.forwardBackward(x, labels, g);
    assertGradient(x, g, y -> hard.forward(y, labels));
    soft.forwardBackward(x, t, g);
    assertGradient(x, g, y -> soft.forward(y, t));
    squared.forwardBackward(x, t, g);
    assertGradient(x, g, y -> squared.forward(y, t));
  }

  @Test
  void callsAllocateNothing() {
    Tensor x = Tensor.zeros(DType.FLOAT32, 16, 10);
    Tensor t = Tensor.zeros(DType.FLOAT32, 16, 10);
    Tensor g = Tensor.zeros(DType.FLOAT32, 16, 10);
    Tensor each = Tensor.zeros(DType.FLOAT32, 16);
    int[] labels = new int[16];
    CrossEntropy hard = Losses.crossEntropy().labelSmoothing(0.1);
    CrossEntropyProbabilities soft = Losses.crossEntropyProbabilities();
    MeanSquaredError squared = Losses.meanSquaredError();

    Allocation.assertNone(
        () -> {
          hard.forwardBackward(x, labels, g);
          hard.elementwise(x, labels, each);
          soft.forwardBackward(x, t, g);
          squared.forwardBackward(x, t, g);
        });
  }

  private static void assertGradient(Tensor x, Tensor gradient, ToDoubleFunction<Tensor> loss) {
    double step = 1e-6;
    double[] values = x.doubleArray();
    for (int i = 0; i < values.length; i++) {
      double kept = values[i];
      values[i] = kept + step;
      double above = loss.applyAsDouble(x);
      values[i] = kept - step;
      double below = loss.applyAsDouble(x);
      values[i] = kept;
      double numeric = (above - below) / (2 * step);
      assertThat(gradient.doubleArray()[i])
          .as("element %s", i)
          .isEqualTo(numeric, within(1e-5 + 1e-3 * Math.abs(numeric)));
    }
  }

  private static Tensor random(long seed, int... shape) {
    Tensor tensor = Tensor.zeros(DType.FLOAT64, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.doubleArray()[i] = Randoms.normal(seed, i);
    }
    return tensor;
  }

  @Test
  void whatALossWasToldIsInItsSettings() {
    double[] weights = {1, 2};
    List<Loss<?>> losses =
        List.of(
            crossEntropy(),
            crossEntropy().reduction(Reduction.SUM),
            crossEntropy().classWeights(weights),
            crossEntropy().ignoreIndex(1),
            crossEntropy().labelSmoothing(0.5),
            crossEntropyProbabilities(),
            crossEntropyProbabilities().reduction(Reduction.SUM),
            crossEntropyProbabilities().classWeights(weights),
            crossEntropyProbabilities().labelSmoothing(0.5),
            negativeLogLikelihood(),
            negativeLogLikelihood().reduction(Reduction.SUM),
            negativeLogLikelihood().classWeights(weights),
            negativeLogLikelihood().ignoreIndex(1),
            binaryCrossEntropyWithLogits(),
            binaryCrossEntropyWithLogits().reduction(Reduction.SUM),
            binaryCrossEntropyWithLogits().positiveWeight(2),
            meanSquaredError(),
            meanSquaredError().reduction(Reduction.SUM),
            l1(),
            l1().reduction(Reduction.SUM),
            huber(1),
            huber(2),
            huber(1).reduction(Reduction.SUM),
            smoothL1(1),
            smoothL1(2),
            smoothL1(1).reduction(Reduction.SUM));
    assertThat(losses).extracting(Loss::settings).doesNotHaveDuplicates();
    assertThat(losses).extracting(loss -> Objective.of(loss).name()).doesNotHaveDuplicates();
    assertThat(losses.stream().filter(loss -> loss.reduction() == Reduction.MEAN).toList())
        .extracting(loss -> joint(loss).and(l1(), 0.5).name())
        .doesNotHaveDuplicates()
        .allMatch(name -> name.endsWith(" + 0.5 L1[reduction=MEAN]"));
    assertThat(huber(2).settings()).isEqualTo("Huber[reduction=MEAN, delta=2.0]");
  }
}
