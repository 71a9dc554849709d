package dev.tenon.runtime.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Fixtures;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.State;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitializerTest {
  private static final int N = 100_000;

  @Test
  void constantFillsASliceOnly() {
    float[] floats = new float[5];
    double[] doubles = new double[5];
    Initializer.constant(2.5).fill(floats, 1, 3, 7);
    Initializer.constant(2.5).fill(doubles, 1, 3, 7);

    assertThat(floats).containsExactly(0, 2.5f, 2.5f, 2.5f, 0);
    assertThat(doubles).containsExactly(0, 2.5, 2.5, 2.5, 0);
  }

  @Test
  void valuesDoNotDependOnTheOffset() {
    double[] first = new double[10];
    double[] later = new double[20];
    Initializer.normal(1).fill(first, 0, 10, 3);
    Initializer.normal(1).fill(later, 10, 10, 3);

    assertThat(Arrays.copyOfRange(later, 10, 20)).isEqualTo(first);
  }

  @Test
  void keysDependOnSeedAndParameter() {
    assertThat(Initializer.key(1, 0)).isNotEqualTo(Initializer.key(1, 1));
    assertThat(Initializer.key(1, 0)).isNotEqualTo(Initializer.key(2, 0));
  }

  /** Variance of uniform(-b, b) is b^2 / 3. Semantics 2.4 gives the bounds. */
  @Test
  void uniformRules() {
    assertUniform(Initializer.uniform(0.3), 0.3);
    assertUniform(Initializer.fanIn(27), 1 / Math.sqrt(27));
    assertUniform(Initializer.kaimingUniform(Math.sqrt(2), 50), Math.sqrt(2) * Math.sqrt(3 / 50.0));
    assertUniform(Initializer.xavierUniform(5.0 / 3, 30, 20), 5.0 / 3 * Math.sqrt(6 / 50.0));
  }

  @Test
  void normalRules() {
    assertNormal(Initializer.normal(0.3), 0.3);
    assertNormal(Initializer.kaimingNormal(Math.sqrt(2), 50), Math.sqrt(2) / Math.sqrt(50));
    assertNormal(Initializer.xavierNormal(1, 30, 20), Math.sqrt(2 / 50.0));
  }

  @Test
  void theDefaultIsKaimingUniformWithRootFive() {
    double kaiming =
        Initializer.kaimingUniform(Gain.leakyRelu(Math.sqrt(5)), 27)
            .value(Initializer.key(1, 2), 3);
    assertThat(Initializer.fanIn(27).value(Initializer.key(1, 2), 3))
        .isEqualTo(kaiming, within(1e-15));
  }

  @Test
  void gains() {
    assertThat(Gain.LINEAR).isEqualTo(1);
    assertThat(Gain.SIGMOID).isEqualTo(1);
    assertThat(Gain.TANH).isEqualTo(5.0 / 3);
    assertThat(Gain.RELU).isEqualTo(Math.sqrt(2));
    assertThat(Gain.SELU).isEqualTo(0.75);
    assertThat(Gain.leakyRelu(0.01)).isEqualTo(1.4141428569978354, within(1e-15));
  }

  /** Fans as PyTorch counts them. */
  @Test
  void fans() {
    for (JsonNode layer : Fixtures.cases("fans")) {
      int[] shape = Fixtures.ints(layer.get("shape"));
      Parameter weight = parameter(shape, DType.FLOAT32);
      assertThat(weight.fanIn())
          .as(layer.get("name").asText())
          .isEqualTo(layer.get("fanIn").asLong());
      assertThat(weight.fanOut())
          .as(layer.get("name").asText())
          .isEqualTo(layer.get("fanOut").asLong());
    }
    assertThatThrownBy(() -> parameter(new int[] {3}, DType.FLOAT32).fanIn())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "conv.weight: a fan needs at least two axes, and the shape is [3]. Take that of the"
                + " layer's weight.");
  }

  @Test
  void aParameterTakesAnotherRule() {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Parameter weight = parameter(new int[] {40, 30, 5, 5}, type);
      weight.initialize(Initializer.kaimingNormal(Gain.RELU, weight.fanOut()), 7);
      double squares = 0;
      for (int i = 0; i < weight.value().size(); i++) {
        double v = weight.value().reshape(weight.value().size()).get(i);
        squares += v * v;
      }
      // Var(normal(0, s)) = s^2 = 2 / fan out; 30,000 values give it to 1 %.
      assertThat(squares / weight.value().size()).isCloseTo(2.0 / 1000, withinPercentage(3));
    }
  }

  @Test
  void theSameRuleAndSeedGiveTheFirstValuesAgain() {
    Parameter weight = parameter(new int[] {4, 3}, DType.FLOAT64);
    double first = weight.get(2, 1);
    weight.initialize(Initializer.constant(0), 1);
    assertThat(weight.get(2, 1)).isZero();
    weight.initialize(Initializer.fanIn(3), 1);
    assertThat(weight.get(2, 1)).isEqualTo(first);
  }

  private static Parameter parameter(int[] shape, DType type) {
    return State.builder(type)
        .parameter("conv.weight", Initializer.fanIn(3), shape)
        .build(1)
        .parameters()
        .get(0);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> Initializer.uniform(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Initializer: bound must be finite and at least 0, but is -1.0.");
    assertThatThrownBy(() -> Initializer.normal(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Initializer.fanIn(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Initializer: fanIn must be at least 1, but is 0.");
    assertThatThrownBy(() -> Initializer.kaimingNormal(Double.POSITIVE_INFINITY, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertUniform(Initializer init, double bound) {
    double[] values = new double[N];
    init.fill(values, 0, N, Initializer.key(5, 0));
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    double variance = bound * bound / 3;
    assertThat(largest).isBetween(0.999 * bound, bound);
    assertThat(sum / N).isEqualTo(0, within(5 * Math.sqrt(variance / N)));
    assertThat(squares / N).isEqualTo(variance, within(5 * variance * Math.sqrt(0.8 / N)));
  }

  private static void assertNormal(Initializer init, double std) {
    double[] values = new double[N];
    init.fill(values, 0, N, Initializer.key(6, 0));
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    assertThat(sum / N).isEqualTo(0, within(5 * std / Math.sqrt(N)));
    assertThat(squares / N).isEqualTo(std * std, within(5 * std * std * Math.sqrt(2.0 / N)));
  }
}
