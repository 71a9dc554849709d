package dev.tenon.runtime.loss;

import static dev.tenon.runtime.Fixtures.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Fixtures;
import dev.tenon.runtime.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The mean over a data set is PyTorch's loss of one batch that is all of it, however it is cut. */
class LossMeanTest {
  @TestFactory
  Stream<DynamicTest> theMeanIsThatOfOneBatch() {
    return Stream.of("losses", "more-losses")
        .flatMap(file -> Fixtures.cases(file).stream())
        .map(test -> DynamicTest.dynamicTest(test.get("name").asText(), () -> run(test)));
  }

  private static void run(JsonNode test) {
    DType dtype = Fixtures.dtype(test);
    int[] shape = Fixtures.ints(test.get("shape"));
    Tensor prediction = Fixtures.tensor(dtype, Fixtures.doubles(test.get("prediction")), shape);
    Loss<?> loss = LossFixturesTest.loss(test);
    double expected = test.get("loss").asDouble();
    if (test.get("reduction").asText().toUpperCase(Locale.ROOT).equals("SUM")) {
      expected /= shape[0];
    }
    double tolerance = dtype == DType.FLOAT32 ? 1e-5 : 1e-12;
    for (int batch = 1; batch <= shape[0]; batch++) {
      double evaluated;
      double trained;
      if (test.get("target").get(0).isInt()) {
        int[] target = Fixtures.ints(test.get("target"));
        evaluated = mean(cast(loss), prediction, target, batch, false);
        trained = mean(cast(loss), prediction, target, batch, true);
      } else {
        Tensor target = Fixtures.tensor(dtype, Fixtures.doubles(test.get("target")), shape);
        evaluated = mean(cast(loss), prediction, target, batch, false);
        trained = mean(cast(loss), prediction, target, batch, true);
      }
      assertClose("batches of " + batch, evaluated, expected, tolerance, tolerance);
      assertClose("training, batches of " + batch, trained, expected, tolerance, tolerance);
    }
  }

  private static <T> double mean(
      Loss<T> loss, Tensor prediction, T target, int batch, boolean training) {
    Objective<T> objective = Objective.of(loss);
    LossMean<T> mean = objective.mean();
    int size = prediction.dim(0);
    for (int from = 0; from < size; from += batch) {
      int count = Math.min(batch, size - from);
      Tensor[] predictions = {prediction.samples(from, count)};
      T targets = part(target, size, from, count);
      if (training) {
        Tensor[] gradients = {Tensor.zeros(prediction.dtype(), predictions[0].shape())};
        mean.add(objective.forwardBackward(predictions, targets, gradients), predictions, targets);
      } else {
        mean.add(predictions, targets);
      }
    }
    assertThat(mean.isFinite()).isTrue();
    assertThat(mean.value(0)).isEqualTo((Double) mean.value());
    return mean.value();
  }

  @SuppressWarnings("unchecked") // The kind of target says which.
  private static <T> T part(T target, int size, int from, int count) {
    if (target instanceof int[] labels) {
      int perSample = labels.length / size;
      return (T) Arrays.copyOfRange(labels, from * perSample, (from + count) * perSample);
    }
    return (T) ((Tensor) target).samples(from, count);
  }

  @SuppressWarnings("unchecked")
  private static <T> Loss<T> cast(Loss<?> loss) {
    return (Loss<T>) loss;
  }

  /** Each output's mean is its own, and the whole is the weighted sum of those. */
  @Test
  void jointLossesAreMeansOfTheirParts() {
    Tensor scores = Tensor.of(new double[] {1, 2, 3, 1, 0, -1, 0, 0, 1}, 3, 3);
    Tensor values = Tensor.of(new double[] {1, 2, 4}, 3, 1);
    Tensor truth = Tensor.of(new double[] {0, 0, 0}, 3, 1);
    int[] labels = {2, -100, 0};
    JointLoss joint = Losses.joint(Losses.crossEntropy()).and(Losses.meanSquaredError(), 0.5);
    double first = Losses.crossEntropy().forward(scores, labels);

    LossMean<JointTargets> mean = joint.mean();
    for (int i = 0; i < 3; i++) {
      mean.add(
          new Tensor[] {scores.samples(i, 1), values.samples(i, 1)},
          JointTargets.of(new int[] {labels[i]}).and(truth.samples(i, 1)));
    }

    assertClose("labels", mean.value(0), first, 1e-14, 0);
    assertClose("values", mean.value(1), 7, 1e-14, 0);
    assertClose("both", mean.value(), first + 3.5, 1e-14, 0);
  }

  /** A class weight of 0 with smoothing has losses where it has no weight. */
  @Test
  void whatHasNoWeightKeepsItsLosses() {
    Tensor scores = Tensor.of(new double[] {1, 2, 3, 1, 0, -1}, 2, 3);
    CrossEntropy loss = Losses.crossEntropy().classWeights(0, 1, 1).labelSmoothing(0.1);
    double whole = loss.forward(scores, new int[] {0, 1});
    for (boolean training : new boolean[] {false, true}) {
      assertClose("cut", mean(loss, scores, new int[] {0, 1}, 1, training), whole, 1e-14, 0);
    }
  }

  @Test
  void nothingIsNoNumber() {
    LossMean<int[]> mean = Objective.of(Losses.crossEntropy()).mean();
    assertThat(mean.value()).isNaN();
    mean.add(new Tensor[] {Tensor.zeros(DType.FLOAT32, 2, 3)}, new int[] {-100, -100});
    assertThat(mean.value()).isNaN();
    assertThat(mean.isFinite()).isTrue();
    mean.add(new Tensor[] {Tensor.zeros(DType.FLOAT32, 1, 3)}, new int[] {1});
    assertClose("one label", mean.value(), StrictMath.log(3), 1e-7, 0);
    mean.add(new Tensor[] {Tensor.of(new float[] {Float.NaN, 0, 0}, 1, 3)}, new int[] {1});
    assertThat(mean.isFinite()).isFalse();
  }

  /** A loss of the user's that says nothing of weights counts by its samples. */
  @Test
  void aLossOfOnesOwnCountsItsSamples() {
    Loss<int[]> own =
        new Loss<>() {
          @Override
          public void check(Tensor prediction, int[] target) {}

          @Override
          public double forward(Tensor prediction, int[] target) {
            return Arrays.stream(target).average().orElseThrow();
          }

          @Override
          public double forwardBackward(Tensor prediction, int[] target, Tensor gradient) {
            return forward(prediction, target);
          }

          @Override
          public void elementwise(Tensor prediction, int[] target, Tensor losses) {}

          @Override
          public Reduction reduction() {
            return Reduction.MEAN;
          }
        };
    Tensor scores = Tensor.zeros(DType.FLOAT64, 5, 2);
    for (int batch = 1; batch <= 5; batch++) {
      assertThat(mean(own, scores, new int[] {1, 2, 3, 4, 5}, batch, false)).isEqualTo(3);
      assertThat(mean(own, scores, new int[] {1, 2, 3, 4, 5}, batch, true)).isEqualTo(3);
    }
  }

  @Test
  void allocatesNothing() {
    Tensor[] predictions = {Tensor.zeros(DType.FLOAT32, 2, 3)};
    int[] labels = {0, 2};
    LossMean<int[]> mean = Objective.of(Losses.crossEntropy()).mean();
    Allocation.assertNone(() -> mean.add(1.5, predictions, labels));
  }
}
