package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.random.Randoms;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Batch normalisation where formulas are not enough: the edge cases and the worked example that the
 * semantics of the library promise, through generated code.
 *
 * <p>Every edge case runs for both element types, for features and for images, and for channel
 * counts that no vector is long: 1, 3, 17.
 */
class BatchNormEdgeCasesTest {
  private static final float NAN = Float.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final List<Integer> CHANNELS = List.of(1, 3, 17);
  private static final List<String> SPATIAL = List.of("", ", 1, 1", ", 3, 5");

  private static final List<String> OPTIONS =
      List.of(
          "",
          "eps = 0",
          "momentum = 0",
          "momentum = 1",
          "affine = false",
          "trackRunningStats = false",
          "cumulative = true");

  private static final CompiledNetwork.Cache NETWORKS = new CompiledNetwork.Cache();

  /**
   * A batch norm on its own.
   *
   * @param spatial sizes behind the channels, each after a comma; none for features
   */
  private record Case(DType dtype, int channels, String spatial, String options) {
    String network() {
      return "input = {%d%s}, precision = Precision.%s".formatted(channels, spatial, dtype.name());
    }

    List<String> layers() {
      return List.of(
          "@BatchNorm%s(%s) BatchNorm bn();".formatted(spatial.isEmpty() ? "1d" : "2d", options));
    }

    SingleModel create() {
      return NETWORKS.create(network(), layers());
    }

    int positions() {
      return Arrays.stream(spatial.split(", "))
          .filter(size -> !size.isEmpty())
          .mapToInt(Integer::parseInt)
          .reduce(1, (a, b) -> a * b);
    }
  }

  private static List<Case> cases(String options) {
    Set<Case> cases = new LinkedHashSet<>();
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      CHANNELS.forEach(channels -> cases.add(new Case(dtype, channels, "", options)));
      SPATIAL.forEach(spatial -> cases.add(new Case(dtype, 3, spatial, options)));
    }
    return List.copyOf(cases);
  }

  @BeforeAll
  static void announce() {
    for (String options : OPTIONS) {
      cases(options).forEach(c -> NETWORKS.add(c.network(), c.layers()));
    }
    NETWORKS.add(EXAMPLE, EXAMPLE_LAYERS);
  }

  private static BatchNorm norm(SingleModel model) {
    return (BatchNorm) model.layers().get(0);
  }

  /** A batch in which each value depends on its number inside its channel: sample by position. */
  private static Tensor batch(Case c, int samples, ChannelValues values) {
    int positions = c.positions();
    double[] all = new double[samples * c.channels() * positions];
    for (int n = 0; n < samples; n++) {
      for (int channel = 0; channel < c.channels(); channel++) {
        for (int p = 0; p < positions; p++) {
          all[(n * c.channels() + channel) * positions + p] = values.at(channel, n * positions + p);
        }
      }
    }
    return Samples.of(c.dtype(), all, Samples.withBatch(samples, c.create().inputShape()));
  }

  private interface ChannelValues {
    double at(int channel, int number);
  }

  /** The values of one channel, in the order of {@link #batch}. */
  private static double[] channel(Case c, Tensor tensor, int channel) {
    double[] all = Fixtures.values(tensor);
    int positions = c.positions();
    double[] values = new double[all.length / c.channels()];
    for (int i = 0; i < values.length; i++) {
      values[i] = all[(i / positions * c.channels() + channel) * positions + i % positions];
    }
    return values;
  }

  private static double ordinary(int channel, int number) {
    return Randoms.normal(channel + 1, number) * (channel + 1) - channel;
  }

  // ------------------------------------------------------------------------------ the edge cases

  @Test
  void oneValuePerChannelIsAnErrorWhereItIsNormalisedBy() {
    for (Case c : cases("")) {
      SingleModel model = c.create();
      Tensor one = batch(c, 1, BatchNormEdgeCasesTest::ordinary);
      assertThat(model.predict(one).shape()[0]).isEqualTo(1);
      if (c.positions() == 1) {
        assertThatThrownBy(() -> model.forward(one))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll(
                "bn", "more than 1 value per channel", Arrays.toString(one.shape()), "Drop");
        assertThat(norm(model).numBatchesTracked().get()).isZero();
        norm(model).freezeStatistics();
        assertThat(Fixtures.values(model.forward(one)))
            .isEqualTo(Fixtures.values(model.predict(one)));
      } else {
        assertThat(Fixtures.values(model.forward(one))).doesNotContain(Double.NaN);
      }
    }
    for (Case c : cases("trackRunningStats = false")) {
      SingleModel model = c.create();
      Tensor one = batch(c, 1, BatchNormEdgeCasesTest::ordinary);
      if (c.positions() == 1) {
        assertThatThrownBy(() -> model.predict(one))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("more than 1 value per channel");
      } else {
        assertThat(Fixtures.values(model.predict(one)))
            .isEqualTo(Fixtures.values(model.forward(one)));
      }
    }
  }

  @Test
  void anEmptyBatchCountsAndChangesNothingElse() {
    for (String options : OPTIONS) {
      for (Case c : cases(options)) {
        SingleModel model = c.create();
        Tensor empty = batch(c, 0, BatchNormEdgeCasesTest::ordinary);
        assertThat(model.predict(empty).shape()).isEqualTo(empty.shape());
        assertThat(model.forward(empty).shape()).isEqualTo(empty.shape());
        assertThat(model.backwardToInput(empty).shape()).isEqualTo(empty.shape());
        model
            .parameters()
            .forEach(p -> assertThat(Fixtures.values(p.gradient())).containsOnly(0.0));
        if (norm(model).tracksRunningStats()) {
          assertThat(Fixtures.values(norm(model).runningMean().value())).containsOnly(0.0);
          assertThat(Fixtures.values(norm(model).runningVar().value())).containsOnly(1.0);
          assertThat(norm(model).numBatchesTracked().get()).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void aConstantChannelGivesExactlyTheBias() {
    for (String options : List.of("", "eps = 0")) {
      for (Case c : cases(options)) {
        SingleModel model = c.create();
        norm(model).weight().value().fill(1.7);
        for (int channel = 0; channel < c.channels(); channel++) {
          norm(model).bias().set(0.3 - channel, channel);
        }
        // Neither the values nor their mean are exact in binary.
        Tensor y = model.forward(batch(c, 7, (channel, number) -> 0.1 + 1000.1 * channel));
        for (int channel = 0; channel < c.channels(); channel++) {
          assertThat(channel(c, y, channel)).containsOnly(norm(model).bias().get(channel));
          assertThat(norm(model).runningVar().get(channel))
              .isEqualTo(c.dtype() == DType.FLOAT32 ? 0.9f : 0.9);
        }
        Tensor dx = model.backwardToInput(Samples.outputGradient(model, 1, 7));
        assertThat(Fixtures.values(dx)).doesNotContain(Double.NaN, INF, -INF);
      }
    }
  }

  @Test
  void aNanSpoilsItsChannelAndNoOther() {
    for (Case c : cases("")) {
      for (int where : new int[] {0, 1, 5 * c.positions() - 1}) {
        for (int bad = 0; bad < c.channels(); bad += Math.max(1, c.channels() - 1)) {
          SingleModel model = c.create();
          SingleModel clean = c.create();
          int spoilt = bad;
          Tensor y =
              model.forward(
                  batch(
                      c,
                      5,
                      (channel, number) ->
                          channel == spoilt && number == where ? NAN : ordinary(channel, number)));
          Tensor cleanY = clean.forward(batch(c, 5, BatchNormEdgeCasesTest::ordinary));
          for (int channel = 0; channel < c.channels(); channel++) {
            if (channel == bad) {
              assertThat(channel(c, y, channel)).containsOnly(Double.NaN);
              assertThat(norm(model).runningMean().get(channel)).isNaN();
              assertThat(norm(model).runningVar().get(channel)).isNaN();
            } else {
              assertThat(channel(c, y, channel)).isEqualTo(channel(c, cleanY, channel));
              assertThat(norm(model).runningMean().get(channel))
                  .isEqualTo(norm(clean).runningMean().get(channel));
              assertThat(norm(model).runningVar().get(channel))
                  .isEqualTo(norm(clean).runningVar().get(channel));
            }
          }
        }
      }
    }
  }

  @Test
  void anInfinityMakesTheMeanInfiniteAndTheRestNan() {
    for (Case c : cases("")) {
      for (double infinity : new double[] {INF, -INF}) {
        for (int where : new int[] {0, 2, 5 * c.positions() - 1}) {
          SingleModel model = c.create();
          Tensor y =
              model.forward(
                  batch(
                      c,
                      5,
                      (channel, number) ->
                          channel == 0 && number == where ? infinity : ordinary(channel, number)));
          assertThat(channel(c, y, 0)).containsOnly(Double.NaN);
          assertThat(norm(model).runningMean().get(0)).isEqualTo(infinity);
          assertThat(norm(model).runningVar().get(0)).isNaN();
          for (int channel = 1; channel < c.channels(); channel++) {
            assertThat(channel(c, y, channel)).doesNotContain(Double.NaN);
            assertThat(norm(model).runningMean().get(channel)).isFinite();
          }
        }
      }
    }
  }

  @Test
  void inEvaluationABadValueStaysAlone() {
    for (Case c : cases("")) {
      SingleModel model = c.create();
      double[] clean =
          Fixtures.values(model.predict(batch(c, 5, BatchNormEdgeCasesTest::ordinary)));
      for (double bad : new double[] {Double.NaN, INF, -INF}) {
        Tensor x = batch(c, 5, BatchNormEdgeCasesTest::ordinary);
        double[] values = Fixtures.values(x);
        int at = values.length / 2;
        values[at] = bad;
        double[] y = Fixtures.values(model.predict(Samples.of(c.dtype(), values, x.shape())));
        assertThat(Double.compare(y[at], bad)).as("%s gives %s", bad, y[at]).isZero();
        y[at] = clean[at];
        assertThat(y).isEqualTo(clean);
      }
    }
  }

  @Test
  void aNegativeRunningVarianceGivesNan() {
    Case c = new Case(DType.FLOAT32, 3, "", "");
    SingleModel model = c.create();
    norm(model).runningVar().set(-1, 1);
    Tensor y = model.predict(batch(c, 2, BatchNormEdgeCasesTest::ordinary));
    assertThat(channel(c, y, 1)).containsOnly(Double.NaN);
    assertThat(channel(c, y, 0)).doesNotContain(Double.NaN);
    assertThat(channel(c, y, 2)).doesNotContain(Double.NaN);
  }

  @Test
  void momentumZeroNeverMovesTheStatistics() {
    for (Case c : cases("momentum = 0")) {
      SingleModel model = c.create();
      for (int step = 0; step < 3; step++) {
        model.forward(batch(c, 5, BatchNormEdgeCasesTest::step));
      }
      model.forward(batch(c, 5, (channel, number) -> NAN));
      assertThat(Fixtures.values(norm(model).runningMean().value())).containsOnly(0.0);
      assertThat(Fixtures.values(norm(model).runningVar().value())).containsOnly(1.0);
      assertThat(norm(model).numBatchesTracked().get()).isEqualTo(4);
    }
  }

  private static double step(int channel, int number) {
    return 3 * ordinary(channel, number) + 1;
  }

  @Test
  void momentumOneKeepsTheLastBatch() {
    for (Case c : cases("momentum = 1")) {
      SingleModel model = c.create();
      model.forward(batch(c, 9, BatchNormEdgeCasesTest::step));
      Tensor x = batch(c, 5, BatchNormEdgeCasesTest::ordinary);
      model.forward(x);
      for (int channel = 0; channel < c.channels(); channel++) {
        assertStatistics(c, model, channel, channel(c, x, channel));
      }
    }
  }

  private static void assertStatistics(Case c, SingleModel model, int channel, double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double unbiased = squares / (values.length - 1);
    // Plain kernels sum in doubles; vectors sum blocks in floats, and keep to what is promised,
    // 1e-6.
    double single = CompiledNetwork.hasVectors() ? 1e-6 : 1e-7;
    double tolerance = c.dtype() == DType.FLOAT64 ? 1e-14 : single;
    assertThat(norm(model).runningMean().get(channel))
        .isCloseTo(mean, within(tolerance * Math.max(1, Math.abs(mean))));
    assertThat(norm(model).runningVar().get(channel))
        .isCloseTo(unbiased, within(tolerance * unbiased));
  }

  /** The first batch replaces the initial values completely; later ones weigh the same. */
  @Test
  void cumulativeStatisticsAreThePlainAverage() {
    for (Case c : cases("cumulative = true")) {
      SingleModel model = c.create();
      Tensor x = batch(c, 5, BatchNormEdgeCasesTest::ordinary);
      model.forward(x);
      for (int channel = 0; channel < c.channels(); channel++) {
        assertStatistics(c, model, channel, channel(c, x, channel));
      }
      double[] first = Fixtures.values(norm(model).runningMean().value());
      double[] firstVar = Fixtures.values(norm(model).runningVar().value());
      // Three times the values plus 1: three times the mean plus 1, nine times the variance.
      model.forward(batch(c, 5, BatchNormEdgeCasesTest::step));
      model.forward(batch(c, 5, BatchNormEdgeCasesTest::step));
      double tolerance = c.dtype() == DType.FLOAT64 ? 1e-13 : 1e-6;
      for (int channel = 0; channel < c.channels(); channel++) {
        double mean = (first[channel] + 2 * (3 * first[channel] + 1)) / 3;
        double var = (firstVar[channel] + 2 * 9 * firstVar[channel]) / 3;
        assertThat(norm(model).runningMean().get(channel))
            .isCloseTo(mean, within(tolerance * Math.max(1, Math.abs(mean))));
        assertThat(norm(model).runningVar().get(channel)).isCloseTo(var, within(tolerance * var));
      }
      assertThat(norm(model).numBatchesTracked().get()).isEqualTo(3);
    }
  }

  /** In training the gradients of a channel add up to nothing, alone and against the output. */
  @Test
  void gradientsOfTheInputSumToNothing() {
    for (String options : List.of("eps = 0", "affine = false")) {
      for (Case c : cases(options)) {
        SingleModel model = c.create();
        Tensor x = batch(c, 9, BatchNormEdgeCasesTest::ordinary);
        Tensor y = model.forward(x);
        Tensor dx = model.backwardToInput(batch(c, 9, BatchNormEdgeCasesTest::step));
        // Sums of up to 135 values of a size of about 1; with eps, also O(eps).
        double tolerance = c.dtype() == DType.FLOAT64 ? 1e-12 : 1e-4;
        for (int channel = 0; channel < c.channels(); channel++) {
          double[] g = channel(c, dx, channel);
          double[] normalised = channel(c, y, channel);
          double sum = Arrays.stream(g).sum();
          double dot = 0;
          for (int i = 0; i < g.length; i++) {
            dot += g[i] * normalised[i];
          }
          assertThat(sum).isCloseTo(0, within(tolerance));
          double eps = options.equals("eps = 0") ? 0 : 1e-2;
          assertThat(dot).isCloseTo(0, within(tolerance + eps));
          assertThat(Arrays.stream(normalised).average().orElseThrow())
              .isCloseTo(0, within(tolerance));
        }
      }
    }
  }

  // -------------------------------------------------------------------------- the worked example

  private static final String EXAMPLE = "input = 2, precision = Precision.FLOAT64";
  private static final List<String> EXAMPLE_LAYERS = List.of("@BatchNorm1d BatchNorm bn();");

  @Test
  void theWorkedExample() {
    SingleModel model = NETWORKS.create(EXAMPLE, EXAMPLE_LAYERS);
    BatchNorm bn = norm(model);
    bn.weight().value().copyFrom(Tensor.of(new double[] {2, 0.5}, 2));
    // The outputs in the example are those of a bias that was rounded to float32 before.
    bn.bias().value().copyFrom(Tensor.of(new double[] {0.1f, -0.2f}, 2));
    Tensor x = Tensor.of(new double[] {1, 10, 2, 20, 4, 20, 5, 50}, 4, 2);
    Tensor g = Tensor.of(new double[] {1, 0, 0, 1, 0.5, -1, -1, 2}, 4, 2);

    assertValues(
        model.forward(x),
        -2.42981706701551,
        -0.699999991869121,
        -1.1649085327627,
        -0.366666665943195,
        1.36490853574293,
        -0.366666665943195,
        2.62981706999574,
        0.633333311834583);
    assertValues(bn.runningMean().value(), 0.3, 2.5);
    assertValues(bn.runningVar().value(), 1.23333333333333, 30.9);
    assertThat(bn.numBatchesTracked().get()).isEqualTo(1);
    assertValues(
        model.backwardToInput(g),
        0.221362535223971,
        0.0111111096296297,
        -0.600829782905222,
        0.0259259249382717,
        0.917056916468425,
        -0.0407407402469136,
        -0.537589668787175,
        0.0037037056790122);
    assertValues(bn.weight().gradient(), -2.21358993494242, 3.33333325925926);
    assertValues(bn.bias().gradient(), 0.5, 2);

    double[] evaluated = {
      1.36062536375121, 0.47460872813587, 3.16151873840991, 1.37408703629067,
      6.76330548772732, 1.37408703629067, 8.56419886238603, 4.07252196075508
    };
    assertValues(model.predict(x), evaluated);
    assertValues(model.forwardEvaluation(x), evaluated);
    assertValues(
        model.backwardToInput(g),
        1.80089337465871,
        0,
        0,
        0.0899478308154803,
        0.900446687329353,
        -0.0899478308154803,
        -1.80089337465871,
        0.179895661630961);
    assertValues(bn.weight().gradient(), -1.93596037775811, 17.0900878549413);
    assertValues(bn.bias().gradient(), 0.5, 2);
    assertValues(bn.runningMean().value(), 0.3, 2.5);
  }

  /** The example is printed to 15 digits. */
  private static void assertValues(Tensor actual, double... expected) {
    double[] values = Fixtures.values(actual);
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(values[i])
          .isCloseTo(expected[i], within(1e-14 * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
