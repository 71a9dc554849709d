package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values whose squares or sums are beyond the range of floats. A normalisation without {@code eps}
 * does not mind a factor before its input, and a power of two is an exact one: what it gives for
 * values of ordinary size is what it has to give. An average grows with its input.
 */
class ExtremeValuesTest {
  private static final CompiledNetwork.Cache NETWORKS = new CompiledNetwork.Cache();

  /** Of the largest magnitude of a tensor. */
  private static final double TOLERANCE = 2e-6;

  private static final int BATCH = 41;

  private static final String OUTPUT = "output";
  private static final String PREDICTION = "prediction";
  private static final String INPUT_GRADIENT = "input gradient";

  private record Net(String input, String layer) {
    String network() {
      return "input = {" + input + "}";
    }

    @Override
    public String toString() {
      return layer + " of " + input;
    }
  }

  private static final List<Net> NORMS =
      List.of(
          new Net("3", "@BatchNorm1d(momentum = 1, eps = 0) BatchNorm norm();"),
          new Net("3", "@BatchNorm1d(momentum = 1, eps = 0, affine = false) BatchNorm norm();"),
          new Net("20, 7", "@BatchNorm1d(momentum = 1, eps = 0) BatchNorm norm();"),
          new Net("3, 4, 8", "@BatchNorm2d(momentum = 1, eps = 0) BatchNorm norm();"),
          new Net("18, 5, 5", "@BatchNorm2d(momentum = 1, eps = 0) BatchNorm norm();"),
          new Net("3, 40, 40", "@BatchNorm2d(momentum = 1, eps = 0) BatchNorm norm();"),
          new Net("2, 2, 3, 4", "@BatchNorm3d(momentum = 1, eps = 0) BatchNorm norm();"),
          new Net("6, 4", "@LayerNorm(shape = {6, 4}, eps = 0) Norm norm();"),
          new Net("48", "@LayerNorm(eps = 0) Norm norm();"),
          new Net("6, 4, 4", "@GroupNorm(groups = 2, eps = 0) Norm norm();"),
          new Net("6, 5", "@GroupNorm(groups = 3, eps = 0) Norm norm();"),
          new Net("3, 8", "@InstanceNorm1d(affine = true, eps = 0) InstanceNorm norm();"),
          new Net(
              "3, 4, 4",
              "@InstanceNorm2d(trackRunningStats = true, momentum = 1, eps = 0) InstanceNorm norm();"));

  private static final List<Net> AVERAGES =
      List.of(
          new Net("3, 8, 8", "@GlobalAvgPool Layer pool();"),
          new Net("20, 7, 7", "@GlobalAvgPool Layer pool();"),
          new Net("5, 2, 2", "@GlobalAvgPool Layer pool();"),
          new Net("3, 64", "@GlobalAvgPool Layer pool();"));

  static {
    Stream.of(NORMS, AVERAGES)
        .flatMap(List::stream)
        .forEach(net -> NETWORKS.add(net.network(), List.of(net.layer())));
  }

  static List<Net> norms() {
    return NORMS;
  }

  static List<Net> batchNorms() {
    return NORMS.stream().filter(net -> net.layer().contains("@BatchNorm")).toList();
  }

  static List<Net> averages() {
    return AVERAGES;
  }

  private static SingleModel model(Net net) {
    SingleModel model = NETWORKS.create(net.network(), List.of(net.layer()));
    Samples.fillParameters(model, 5);
    return model;
  }

  /** What a training step and a prediction give, by name, in doubles. */
  private static Map<String, double[]> results(SingleModel model, double scale) {
    Tensor ordinary = Samples.input(model, 1, BATCH);
    double[] values = Fixtures.values(ordinary);
    Arrays.setAll(values, i -> values[i] * scale);
    Tensor x = Samples.of(model.dtype(), values, ordinary.shape());
    Map<String, double[]> results = new LinkedHashMap<>();
    results.put(OUTPUT, Fixtures.values(model.forward(x)));
    Tensor outputGradient = Samples.outputGradient(model, 2, BATCH);
    results.put(INPUT_GRADIENT, Fixtures.values(model.backwardToInput(outputGradient)));
    for (Parameter parameter : model.parameters()) {
      results.put(parameter.name() + " gradient", Fixtures.values(parameter.gradient()));
    }
    results.put(PREDICTION, Fixtures.values(model.predict(x)));
    return results;
  }

  /** The same up to a part of the largest value. */
  private static void assertSame(String what, double[] actual, double[] expected, double scale) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertClose(what, actual[i], expected[i] * scale, TOLERANCE * largest * scale);
    }
  }

  /** Without an object for each of millions of values. */
  private static void assertClose(String what, double actual, double expected, double most) {
    if (!(Math.abs(actual - expected) <= most)) {
      assertThat(actual).as(what).isCloseTo(expected, within(most));
    }
  }

  @ParameterizedTest
  @MethodSource("norms")
  void aNormalisationDoesNotMindTheScaleOfItsInput(Net net) {
    SingleModel ordinary = model(net);
    Map<String, double[]> expected = results(ordinary, 1);
    for (int exponent : new int[] {-100, -83, -66, -40, 40, 63, 83, 124}) {
      double scale = Math.scalb(1.0, exponent);
      String what = net + " at 2^" + exponent;
      SingleModel model = model(net);
      Map<String, double[]> actual = results(model, scale);
      // A prediction by running statistics overflows with them.
      if (!model.runningStats().isEmpty()) {
        actual.remove(PREDICTION);
      }
      actual.forEach(
          (name, values) ->
              assertSame(
                  what + ", " + name,
                  values,
                  expected.get(name),
                  name.equals(INPUT_GRADIENT) ? 1 / scale : 1));
      assertRunning(what, model, ordinary, scale);
    }
  }

  /**
   * Running statistics that are the batch's, of values with a deviation of about 1, in floats: a
   * variance may well be infinite, or 0.
   */
  private static void assertRunning(
      String what, SingleModel model, SingleModel ordinary, double scale) {
    for (RunningStat stat : model.runningStats()) {
      double power = stat.name().endsWith("running_var") ? scale * scale : scale;
      double[] actual = Fixtures.values(stat.value());
      double[] expected = Fixtures.values(ordinary.state().runningStat(stat.name()).value());
      for (int i = 0; i < actual.length; i++) {
        double value = expected[i] * power;
        if (Float.isInfinite((float) value)) {
          assertThat(actual[i]).as(what + ", " + stat.name()).isEqualTo((float) value);
        } else {
          assertThat(actual[i])
              .as(what + ", " + stat.name())
              .isCloseTo(value, within(TOLERANCE * power + Float.MIN_VALUE));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("averages")
  void anAverageIsFiniteWhereItsValuesAre(Net net) {
    Map<String, double[]> expected = results(model(net), 1);
    for (int exponent : new int[] {-100, -40, 40, 100, 125}) {
      double scale = Math.scalb(1.0, exponent);
      results(model(net), scale)
          .forEach(
              (name, values) ->
                  assertSame(
                      net + " at 2^" + exponent + ", " + name,
                      values,
                      expected.get(name),
                      name.equals(INPUT_GRADIENT) ? 1 : scale));
    }
  }

  /** What is done once more is a channel, not a layer. */
  @ParameterizedTest
  @MethodSource("batchNorms")
  void aChannelOfHugeValuesLeavesTheBitsOfTheOthers(Net net) {
    SingleModel model = model(net);
    Tensor x = Samples.input(model, 1, BATCH);
    double[] plain = Fixtures.values(model.forward(x));
    int values = plain.length / BATCH / model.inputShape()[0];
    int channels = model.inputShape()[0];
    double[] mixed = Fixtures.values(x);
    for (int i = 0; i < mixed.length; i++) {
      if (i / values % channels == 1) {
        mixed[i] = mixed[i] * 0x1p80;
      }
    }
    double[] actual = Fixtures.values(model.forward(Samples.of(model.dtype(), mixed, x.shape())));
    for (int i = 0; i < actual.length; i++) {
      boolean isHuge = i / values % channels == 1;
      assertClose("" + net, actual[i], plain[i], isHuge ? 4 * TOLERANCE : 0);
    }
  }
}
