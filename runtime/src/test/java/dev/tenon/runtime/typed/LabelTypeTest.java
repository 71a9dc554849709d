package dev.tenon.runtime.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.runtime.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Outputs to predictions, and an enum that was compiled again. */
class LabelTypeTest {
  private enum Risk {
    LOW,
    MIDDLE,
    HIGH
  }

  @Test
  void anEnumThatHasChangedIsNoticed() {
    assertThatThrownBy(() -> LabelType.ofEnum("Net", "Risk", 2, Risk.values()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Net, Risk: the enum had 2 constants when the network was compiled and has 3 now;"
                + " compile the network again.");
    assertThatThrownBy(() -> Columns.builder("Patient").choice("risk", 4, Risk.values()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Patient.risk: the enum had 4 constants when the network was compiled and has 3 now;"
                + " compile the network again.");
  }

  /** Scores whose exponentials overflow, and scores that are the same. */
  @Test
  void scoresOfAnySizeBecomeProbabilities() {
    LabelType<Risk, Classification<Risk>, int[]> type =
        LabelType.ofEnum("Net", "Risk", 3, Risk.values());

    Tensor scores = Tensor.of(new double[] {1000, 999, -1000, 5, 5, 5}, 2, 3);
    List<Classification<Risk>> predictions = type.decode(scores);

    // torch.softmax(torch.tensor([1000., 999., -1000.], dtype=torch.float64), 0)
    assertThat(predictions.get(0).probability()).isCloseTo(0.7310585786300049, within(1e-15));
    assertThat(predictions.get(0).probability(Risk.MIDDLE))
        .isCloseTo(0.2689414213699951, within(1e-15));
    assertThat(predictions.get(0).probability(Risk.HIGH)).isZero();
    assertThat(predictions.get(1).label()).isEqualTo(Risk.LOW);
    assertThat(predictions.get(1).ranked())
        .extracting(Candidate::label)
        .containsExactly(Risk.LOW, Risk.MIDDLE, Risk.HIGH);
  }

  @Test
  void numbersAreRoundedToWhatTheComponentsAre() {
    Columns.Builder columns = Columns.builder("All");
    columns.number("a");
    columns.number("b");
    columns.number("c");
    columns.number("d");
    LabelType<List<Number>, List<Number>, Tensor> type =
        LabelType.ofNumbers(
            "Net",
            columns.build(),
            (value, row) -> {},
            row -> List.of(row.readInt(), row.readLong(), row.readShort(), row.readByte()));

    assertThat(type.decode(new double[] {2.6, -2.6, 40_000, -1e9}))
        .containsExactly(3, -3L, Short.MAX_VALUE, Byte.MIN_VALUE);
    assertThat(type.decode(new double[] {1e12, 1e30, 1, 1}))
        .containsExactly(Integer.MAX_VALUE, Long.MAX_VALUE, (short) 1, (byte) 1);
  }
}
