package dev.tenon.integration.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.integration.typed.EventNet.Event;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is subtracted and divided by is double, and longs keep their distances. */
class NormalizationTest {
  private static final int AT = 0;
  private static final int SIZE = 1;
  private static final int VALUE = 2;
  private static final int FLAG = 4;

  private static Event event(long at, double size) {
    return new Event(at, size, 1, 7, true);
  }

  /** {@code 0, step, 2 * step, ...} from a first moment on, and doubles of the same distances. */
  private static List<Event> events(long first, long step, int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(first + i * step, 1e9 + i * 1e-3));
    }
    return events;
  }

  /**
   * Mean 0, deviation 1, and all distances the same: of n even steps, std is step * sqrt((n^2 - 1)
   * / 12).
   */
  private static void assertEven(Tensor x, int column, int count) {
    double std = Math.sqrt((count * (double) count - 1) / 12);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double expected = (i - (count - 1) / 2.0) / std;
      assertThat(x.get(i, column)).isCloseTo(expected, within(2e-6));
      sum += x.get(i, column);
    }
    assertThat(sum / count).isCloseTo(0, within(1e-6));
  }

  @Test
  void columnsOfLargeNumbersAreCentred() {
    long seconds = 1_764_538_125L;
    long millis = 1_790_000_000_000L;
    long nanos = 1_790_000_000_000_000_000L;
    List<long[]> columns =
        List.of(
            new long[] {seconds, 1},
            new long[] {millis, 1000},
            new long[] {nanos, 1_000_000_000},
            // Below what doubles of that size tell apart.
            new long[] {nanos, 100},
            new long[] {nanos + 1, 1},
            new long[] {Long.MAX_VALUE - 60, 1},
            new long[] {Long.MIN_VALUE, 1},
            new long[] {Long.MIN_VALUE, 1L << 57},
            new long[] {-(1L << 62), 1L << 56});
    for (long[] column : columns) {
      EventNetModel model = EventNetModel.create(1);
      List<Event> events = events(column[0], column[1], 61);
      model.normalizeBy(events);
      Tensor x = model.tensor(events);
      assertThat(x.dtype()).isEqualTo(DType.FLOAT32);
      assertEven(x, AT, 61);
      assertThat(LongStream.range(0, 61).mapToDouble(i -> x.get((int) i, AT)).distinct().count())
          .isEqualTo(61);
      // A column that does not change becomes 0, a boolean stays.
      assertThat(x.get(5, VALUE)).isZero();
      assertThat(x.get(5, FLAG)).isEqualTo(1);
      // 1e9 + i * 1e-3 is a double to 1e-7.
      double std = 1e-3 * Math.sqrt((61 * 61 - 1) / 12.0);
      for (int i = 0; i < 61; i++) {
        assertThat(x.get(i, SIZE)).isCloseTo((i - 30) * 1e-3 / std, within(1e-5));
      }
      assertThat(model.tensor(List.of(events.get(60))).get(0, AT)).isEqualTo(x.get(60, AT));
    }
  }

  @Test
  void statisticsAreDoubleInAFloatNetwork() {
    EventNetModel model = EventNetModel.create(1);
    List<Event> events = events(Long.MAX_VALUE - 60, 1, 61);
    model.normalizeBy(events);

    assertThat(model.state().tensors().keySet())
        .containsExactly(
            "head.weight",
            "head.bias",
            "features.mean",
            "features.mean_remainder",
            "features.std",
            "features.num_samples");
    assertThat(model.state().tensors().get("features.mean").dtype()).isEqualTo(DType.FLOAT64);
    // The mean is 2^63 - 31, whose nearest double is 2^63.
    assertThat(model.state().runningStat("features.mean").get(0)).isEqualTo(0x1p63);
    assertThat(model.state().runningStat("features.mean_remainder").get(0)).isEqualTo(-31);
    assertThat(model.state().runningStat("features.std").get(0))
        .isCloseTo(Math.sqrt((61 * 61 - 1) / 12.0), within(1e-12));
    assertThat(model.state().runningStat("features.mean").get(1))
        .isCloseTo(1e9 + 0.03, within(2e-7));

    EventNetModel copy = EventNetModel.create(2);
    model
        .state()
        .tensors()
        .forEach((name, tensor) -> copy.state().tensors().get(name).copyFrom(tensor));
    assertThat(copy.predict(events.get(3))).hasToString(model.predict(events.get(3)).toString());
    assertThat(copy.tensor(events).toFloatArray()).isEqualTo(model.tensor(events).toFloatArray());
  }

  @Test
  void hugeSpreadsAreScaled() {
    EventNetModel model = EventNetModel.create(1);
    List<Event> events = List.of(event(1, 1e300), event(2, 1), event(3, 1e300), event(4, 1));
    model.normalizeBy(events);

    Tensor x = model.tensor(events);
    assertThat(x.get(0, SIZE)).isCloseTo(1, within(1e-6));
    assertThat(x.get(1, SIZE)).isCloseTo(-1, within(1e-6));
    for (double tiny : new double[] {1e-300, Double.MIN_VALUE}) {
      List<Event> close = List.of(event(1, 5 * tiny), event(2, tiny));
      model.normalizeBy(close);
      assertThat(model.tensor(close).get(0, SIZE)).isCloseTo(1, within(0.3));
      assertThat(model.tensor(close).get(1, SIZE)).isCloseTo(-1, within(0.3));
    }

    List<Event> wide = List.of(event(1, -1e308), event(2, 1), event(3, 1e308));
    double[] before = model.state().runningStat("features.mean").value().toDoubleArray();
    assertThatThrownBy(() -> model.normalizeBy(wide))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "EventNet, Event: size goes from -1.0E308 to 1.0E308, a spread that a double cannot"
                + " hold, so it cannot be normalised. Give the record a smaller unit or its"
                + " logarithm.");
    assertThat(model.state().runningStat("features.mean").value().toDoubleArray())
        .isEqualTo(before);
  }

  @Test
  void valuesThatAFloatCannotHoldAreNamed() {
    EventNetModel model = EventNetModel.create(1);
    model.normalizeBy(List.of(event(1, 0), event(2, 2)));
    assertThatThrownBy(() -> model.tensor(List.of(event(1, 1), event(2, 1e300))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "EventNet, Event at index 1: size is 1.0E300, which is 1.0E300 once it is normalised"
                + " (mean 1.0, standard deviation 1.0), more than a float32 network can hold. Look"
                + " at the sample and at the statistics, give the record a smaller unit or its"
                + " logarithm, or set precision = Precision.FLOAT64.");
    model.normalizeBy(List.of(event(1, 0), event(2, 1e-300)));
    assertThatThrownBy(() -> model.predict(event(1, 1e300)))
        .hasMessageStartingWith("EventNet, Event: size is 1.0E300, which is Infinity once");

    PlainEventNetModel plain = PlainEventNetModel.create(1);
    assertThatThrownBy(() -> plain.predict(List.of(event(1, 1), event(1, -1e300))))
        .hasMessage(
            "PlainEventNet, Event at index 1: size is -1.0E300, which is more than a float32"
                + " network can hold. Look at the sample, give the record a smaller unit or its"
                + " logarithm, or set precision = Precision.FLOAT64.");
    for (double wrong :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> model.normalizeBy(List.of(event(1, 1), event(1, wrong))))
          .hasMessageStartingWith(
              "EventNet, Event at index 1: size is " + wrong + ", but must be a finite number;");
      assertThatThrownBy(() -> plain.fit(List.of(event(1, wrong)), List.of(true), 1))
          .hasMessageStartingWith(
              "PlainEventNet, Event at index 0: size is " + wrong + ", but must be");
    }
    assertThat(plain.tensor(List.of(event(Long.MAX_VALUE, -0.0))).toFloatArray())
        .containsExactly(0x1p63f, -0.0f, 1, 7, 1);
  }
}
