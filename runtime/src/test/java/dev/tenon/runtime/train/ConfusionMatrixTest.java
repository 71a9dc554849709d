package dev.tenon.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  /** By hand: tp, fp and fn of each class stand in the rows and columns. */
  private static final ConfusionMatrix MATRIX =
      ConfusionMatrix.of(new long[][] {{3, 1, 0}, {2, 5, 0}, {1, 0, 0}});

  @Test
  void figuresByClass() {
    assertThat(MATRIX.support(0)).isEqualTo(4);
    assertThat(MATRIX.total()).isEqualTo(12);
    assertThat(MATRIX.accuracy()).isEqualTo(8 / 12.0);
    assertThat(MATRIX.precision(0)).isEqualTo(3 / 6.0);
    assertThat(MATRIX.recall(0)).isEqualTo(3 / 4.0);
    assertThat(MATRIX.f1(0)).isEqualTo(6 / 10.0);
    assertThat(MATRIX.precision(1)).isEqualTo(5 / 6.0);
    assertThat(MATRIX.recall(1)).isEqualTo(5 / 7.0);
    assertThat(MATRIX.f1(1)).isEqualTo(10 / 13.0);
    // Never predicted, and never right: quotients of nothing are 0.
    assertThat(MATRIX.precision(2)).isZero();
    assertThat(MATRIX.recall(2)).isZero();
    assertThat(MATRIX.f1(2)).isZero();
    assertThat(MATRIX.macroF1()).isCloseTo((0.6 + 10 / 13.0) / 3, within(1e-15));
    assertThat(MATRIX.weightedF1()).isCloseTo((4 * 0.6 + 7 * 10 / 13.0) / 12, within(1e-15));
  }

  @Test
  void countsPairs() {
    ConfusionMatrix counted =
        ConfusionMatrix.of(2, new int[] {0, 1, 1, -100}, new int[] {0, 0, 1, 1});
    assertThat(counted).isEqualTo(ConfusionMatrix.of(new long[][] {{1, 0}, {1, 1}}));
    assertThat(counted).hasSameHashCodeAs(ConfusionMatrix.of(new long[][] {{1, 0}, {1, 1}}));
    assertThatThrownBy(() -> ConfusionMatrix.of(2, new int[1], new int[2]))
        .hasMessage("ConfusionMatrix: there are 1 labels, but 2 predictions.");
    assertThatThrownBy(() -> ConfusionMatrix.of(2, new int[1], new int[] {2}))
        .hasMessageContaining("prediction 2 of sample 0 is outside [0, 2)");
    assertThatThrownBy(() -> ConfusionMatrix.of(new long[][] {{1, 2}}))
        .hasMessageContaining("row 0 must have 1 counts");
    assertThatThrownBy(() -> MATRIX.count(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void namesShowInTheTable() {
    assertThat(MATRIX.labelNames()).containsExactly("0", "1", "2");
    assertThat(MATRIX.withLabelNames(List.of("cat", "dog", "elephant")))
        .hasToString(
            """
            label     cat  dog  elephant  precision  recall      F1  support
            cat         3    1         0     0.5000  0.7500  0.6000        4
            dog         2    5         0     0.8333  0.7143  0.7692        7
            elephant    1    0         0     0.0000  0.0000  0.0000        1""");
    assertThatThrownBy(() -> MATRIX.withLabelNames(List.of("cat")))
        .hasMessage("ConfusionMatrix: there are 3 classes, but 1 names.");
  }
}
