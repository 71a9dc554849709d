package dev.tenon.runtime.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.state.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Outputs to predictions, and an enum that was compiled again. */
class LabelTypeTest {
  private static final State STATE =
      State.builder(DType.FLOAT32).parameter("fc.weight", Initializer.constant(1), 2).build(0);

  private static Outputs outputs(double... values) {
    return new Outputs("Net", STATE, values, 0, 1);
  }

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
    List<Classification<Risk>> predictions = type.decode(STATE, scores);

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

    assertThat(type.decode(outputs(2.6, -2.6, 40_000, -1e9)))
        .containsExactly(3, -3L, Short.MAX_VALUE, Byte.MIN_VALUE);
    assertThat(type.decode(outputs(1e12, 1e30, 1, 1)))
        .containsExactly(Integer.MAX_VALUE, Long.MAX_VALUE, (short) 1, (byte) 1);
  }

  /** No label for what is no number: which output, of which sample, and what to look at. */
  @Test
  void outputsThatAreNoNumbersAreNoLabels() {
    State broken =
        State.builder(DType.FLOAT32)
            .parameter("fc.weight", Initializer.constant(1), 2)
            .parameter("head.bias", Initializer.constant(0), 2)
            .build(0);
    broken.parameter("head.bias").set(Double.NaN, 1);
    LabelType<Risk, Classification<Risk>, int[]> risk =
        LabelType.ofEnum("Net", "Risk", 3, Risk.values());
    double inf = Double.POSITIVE_INFINITY;

    assertThatThrownBy(
            () ->
                risk.decode(
                    broken, Tensor.of(new float[] {1, 2, 3, 4, Float.NaN, 5, 6, 7, 8}, 3, 3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Net: the prediction for the sample at index 1 of 3 is no label, because the score of"
                + " MIDDLE is NaN. The state's head.bias holds values that are not finite, so"
                + " training has diverged: train a new model, with a lower learning rate, normalised"
                + " inputs (normalize = true) or clipNorm.");
    assertThatThrownBy(() -> risk.decode(outputs(1, inf, inf)))
        .hasMessage(
            "Net: the prediction is no label, because the score of MIDDLE is Infinity. The state is"
                + " finite, so the values of the sample are too large for the network: look at the"
                + " sample, or normalise (normalize = true).");
    assertThatThrownBy(() -> risk.decode(outputs(-inf, -inf, -inf)))
        .hasMessageContaining("the score of LOW, like all others, is -Infinity");
    assertThat(risk.decode(outputs(-inf, 0, -inf)).probability(Risk.MIDDLE)).isEqualTo(1);

    LabelType<Boolean, Classification<Boolean>, Tensor> flag = LabelType.ofBoolean("Net");
    assertThatThrownBy(() -> flag.decode(outputs(Double.NaN)))
        .hasMessageStartingWith(
            "Net: the prediction is no label, because the score of true is NaN.");
    assertThat(flag.decode(outputs(inf)).probability(true)).isEqualTo(1);
    assertThat(flag.decode(outputs(-inf)).probability(true)).isZero();

    Columns.Builder flags = Columns.builder("Tags");
    flags.flag("red");
    flags.flag("tall");
    LabelType<List<Boolean>, MultiLabel<List<Boolean>>, Tensor> tags =
        LabelType.ofFlags(
            "Net",
            flags.build(),
            (value, row) -> {},
            row -> List.of(row.readBoolean(), row.readBoolean()));
    assertThatThrownBy(() -> tags.decode(outputs(1, Double.NaN)))
        .hasMessageStartingWith(
            "Net: the prediction is no label, because the score of tall is NaN.");

    Columns.Builder numbers = Columns.builder("Price");
    numbers.number("euro");
    LabelType<Double, Double, Tensor> price =
        LabelType.ofNumbers(
            "Net", numbers.build(), (value, row) -> row.number(value), row -> row.readDouble());
    for (double wrong : new double[] {Double.NaN, inf, -inf}) {
      assertThatThrownBy(() -> price.decode(outputs(wrong)))
          .hasMessageStartingWith(
              "Net: the prediction is no label, because euro is " + wrong + ".");
    }
  }

  @Test
  void aConstructorThatRefusesIsNamed() {
    Columns.Builder numbers = Columns.builder("Price");
    numbers.number("euro");
    LabelType<Double, Double, Tensor> price =
        LabelType.ofNumbers(
            "Net",
            numbers.build(),
            (value, row) -> row.number(value),
            row -> {
              throw new IllegalArgumentException("a price below 0");
            });
    assertThatThrownBy(() -> price.decode(outputs(-2.5)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Net: the prediction cannot become a Price, because its constructor threw"
                + " java.lang.IllegalArgumentException: a price below 0 for euro = -2.5. Outputs may"
                + " be any numbers: let the constructor take them, or end the network with a layer"
                + " that cannot give such ones.")
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }
}
