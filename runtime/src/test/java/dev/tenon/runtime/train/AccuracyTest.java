package dev.tenon.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.Tensor;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  @Test
  void countsHighestScores() {
    Tensor scores = Tensor.of(new float[] {1, 3, 2, 5, 4, 4, 0, 0, 1}, 3, 3);
    assertThat(Accuracy.correct(scores, new int[] {1, 0, 2})).isEqualTo(3);
    assertThat(Accuracy.correct(scores, new int[] {1, 1, 0})).isEqualTo(1);
    assertThat(Accuracy.judged(scores, new int[] {1, -100, 3})).isEqualTo(1);
  }

  @Test
  void tiesGoToTheFirstAndNanWins() {
    Tensor scores = Tensor.of(new double[] {2, 2, 1, 1, Double.NaN, 9}, 2, 3);
    assertThat(Accuracy.correct(scores, new int[] {0, 1})).isEqualTo(2);
    double low = Double.NEGATIVE_INFINITY;
    assertThat(Accuracy.correct(Tensor.of(new double[] {low, low}, 1, 2), new int[] {0}))
        .isEqualTo(1);
  }

  @Test
  void classesLieOnAxisOne() {
    // [1, 2 classes, 3 positions]
    Tensor scores = Tensor.of(new float[] {1, 5, 1, 2, 4, 3}, 1, 2, 3);
    assertThat(Accuracy.correct(scores, new int[] {1, 0, 1})).isEqualTo(3);
    assertThatThrownBy(() -> Accuracy.correct(scores, new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("float32 [1, 2, 3] does not fit 1 labels");
  }

  @Test
  void allocatesNothing() {
    Tensor scores = Tensor.of(new float[] {1, 3, 2, 5, 4, 4}, 2, 3);
    int[] labels = {1, 0};
    Allocation.assertNone(
        () -> {
          Accuracy.correct(scores, labels);
          Accuracy.judged(scores, labels);
        });
  }
}
