package dev.tenon.runtime.optim;

import static dev.tenon.runtime.Fixtures.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Fixtures;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.state.StateBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clipped gradients and parameter groups against PyTorch. */
class GradientClippingTest {
  static Iterable<JsonNode> norms() {
    return Fixtures.cases("clipping", "norm");
  }

  static Iterable<JsonNode> values() {
    return Fixtures.cases("clipping", "value");
  }

  static Iterable<JsonNode> groups() {
    return Fixtures.cases("clipping", "groups");
  }

  private static final String[] NAMES = {"a.weight", "b.bias"};

  private static State state(JsonNode test, JsonNode sizes) {
    StateBuilder builder = State.builder(Fixtures.dtype(test));
    for (int i = 0; i < NAMES.length; i++) {
      builder.parameter(NAMES[i], Initializer.constant(0), sizes.get(i).size());
    }
    return builder.build(0);
  }

  private static void setGradients(State state, JsonNode gradients) {
    for (int i = 0; i < NAMES.length; i++) {
      double[] values = Fixtures.doubles(gradients.get(i));
      state
          .parameter(NAMES[i])
          .gradient()
          .copyFrom(Fixtures.tensor(state.dtype(), values, values.length));
    }
  }

  private static void assertGradients(State state, JsonNode expected) {
    double tolerance = state.dtype() == DType.FLOAT32 ? 1e-6 : 1e-12;
    for (int i = 0; i < NAMES.length; i++) {
      assertClose(
          NAMES[i],
          state.parameter(NAMES[i]).gradient().toDoubleArray(),
          Fixtures.doubles(expected.get(i)),
          tolerance,
          0);
    }
  }

  @ParameterizedTest
  @MethodSource("norms")
  void byNormMatchesPyTorch(JsonNode test) {
    State state = state(test, test.get("gradients"));
    setGradients(state, test.get("gradients"));
    double p = test.get("p").isTextual() ? Double.POSITIVE_INFINITY : test.get("p").asDouble();

    double norm = GradientClipping.byNorm(state, test.get("max").asDouble(), p);

    double total = test.get("total").asDouble();
    assertThat(norm)
        .isEqualTo(total, within((state.dtype() == DType.FLOAT32 ? 1e-6 : 1e-12) * total));
    assertGradients(state, test.get("clipped"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void byValueMatchesPyTorch(JsonNode test) {
    State state = state(test, test.get("gradients"));
    setGradients(state, test.get("gradients"));
    GradientClipping.byValue(state, test.get("max").asDouble());
    assertGradients(state, test.get("clipped"));
  }

  /** Semantics 11. */
  @Test
  void workedExample() {
    State state =
        State.builder(DType.FLOAT64)
            .parameter("a.weight", Initializer.constant(0), 2)
            .parameter("b.bias", Initializer.constant(0), 1)
            .build(0);
    state.arrays().doubleGradients()[0] = 3;
    state.arrays().doubleGradients()[2] = 4;
    assertThat(GradientClipping.byNorm(state, 1)).isEqualTo(5);
    assertThat(state.doubleGradients()[0]).isEqualTo(0.59999988, within(1e-8));
    assertThat(state.doubleGradients()[2]).isEqualTo(0.79999984, within(1e-8));
  }

  @Test
  void whatIsNotFiniteIsAnErrorAndChangesNothing() {
    State state = State.builder(DType.FLOAT32).parameter("a", Initializer.constant(0), 2).build(0);
    state.arrays().floatGradients()[0] = Float.NaN;
    state.arrays().floatGradients()[1] = 7;
    assertThatThrownBy(() -> GradientClipping.byNorm(state, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("GradientClipping: the norm of the gradients is NaN.");
    assertThat(state.floatGradients()[1]).isEqualTo(7);
  }

  @Test
  void frozenParametersTakeNoPart() {
    State state =
        State.builder(DType.FLOAT64)
            .parameter("a", Initializer.constant(0), 1)
            .parameter("b", Initializer.constant(0), 1)
            .build(0);
    state.parameter("a").freeze();
    state.arrays().doubleGradients()[0] = 100;
    state.arrays().doubleGradients()[1] = 0.5;
    assertThat(GradientClipping.byNorm(state, 1)).isEqualTo(0.5);
    assertThat(state.doubleGradients()).containsExactly(100, 0.5);
  }

  @Test
  void limitsArePositive() {
    State state = State.builder(DType.FLOAT64).parameter("a", Initializer.constant(0), 1).build(0);
    assertThatThrownBy(() -> GradientClipping.byNorm(state, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("GradientClipping: max must be positive and finite, but is 0.0.");
    assertThatThrownBy(() -> GradientClipping.byNorm(state, 1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("GradientClipping: p must be positive, but is -1.0.");
    assertThatThrownBy(() -> GradientClipping.byValue(state, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("GradientClipping: most must be positive and finite, but is NaN.");
  }

  @ParameterizedTest
  @MethodSource("groups")
  void groupsMatchPyTorch(JsonNode test) {
    State state = state(test, test.get("start"));
    for (int i = 0; i < NAMES.length; i++) {
      double[] start = Fixtures.doubles(test.get("start").get(i));
      state
          .parameter(NAMES[i])
          .value()
          .copyFrom(Fixtures.tensor(state.dtype(), start, start.length));
    }
    Optimizer optimizer =
        Optimizers.groups(Optimizers.sgd(0.1).weightDecay(0.1).momentum(0.9))
            .with(Optimizers.biases(), Optimizers.sgd(0.02).momentum(0.5))
            .create(state);
    for (int step = 0; step < test.get("gradients").size(); step++) {
      optimizer.learningRate(0.1 * Math.pow(0.5, step));
      setGradients(state, test.get("gradients").get(step));
      optimizer.step();
      for (int i = 0; i < NAMES.length; i++) {
        assertClose(
            NAMES[i] + " after step " + (step + 1),
            state.parameter(NAMES[i]).value().toDoubleArray(),
            Fixtures.doubles(test.get("parameters").get(step).get(i)),
            state.dtype() == DType.FLOAT32 ? 1e-6 : 1e-12,
            0);
      }
    }
    assertThat(optimizer.stepCount()).isEqualTo(3);
  }

  @Test
  void aGroupHasParameters() {
    State state =
        State.builder(DType.FLOAT64).parameter("a.weight", Initializer.constant(0), 1).build(0);
    ParameterGroups none =
        Optimizers.groups(Optimizers.sgd(1)).with(Optimizers.biases(), Optimizers.sgd(1));
    assertThatThrownBy(() -> none.create(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ParameterGroups: no parameter belongs to group 1.");
    ParameterGroups all = Optimizers.groups(Optimizers.sgd(1)).with(p -> true, Optimizers.sgd(1));
    assertThatThrownBy(() -> all.create(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ParameterGroups: no parameter belongs to the rest.");
  }

  /** The squares of these are infinite, or 0; their norms are neither. */
  @Test
  void normsOfTheHugeAndTheTiny() {
    State state = State.builder(DType.FLOAT64).parameter("a", Initializer.constant(0), 2).build(0);
    for (double scale : new double[] {1e200, 1e300, 1e-200, 1e-300}) {
      state.arrays().doubleGradients()[0] = 3 * scale;
      state.arrays().doubleGradients()[1] = -4 * scale;
      assertThat(GradientClipping.norm(state)).isCloseTo(5 * scale, within(1e-14 * scale));
      assertThat(GradientClipping.byNorm(state, 1e300, 3))
          .isCloseTo(Math.cbrt(91) * scale, within(1e-14 * scale));
    }
    state.arrays().doubleGradients()[0] = Double.NaN;
    assertThat(GradientClipping.norm(state)).isNaN();
    state.arrays().doubleGradients()[0] = 0;
    state.arrays().doubleGradients()[1] = 0;
    assertThat(GradientClipping.norm(state)).isZero();
  }

  /** A rate that a group cannot have is refused before the others have changed. */
  @Test
  void groupsTakeARateTogetherOrNotAtAll() {
    State state =
        State.builder(DType.FLOAT64)
            .parameter("a", Initializer.constant(0), 2)
            .parameter("b", Initializer.constant(0), 2)
            .build(0);
    Optimizer optimizer =
        Optimizers.groups(Optimizers.sgd(1e-300))
            .with(p -> p.name().equals("b"), Optimizers.sgd(1e10))
            .create(state);
    assertThatThrownBy(() -> optimizer.learningRate(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("group 1");
    assertThat(optimizer.learningRate()).isEqualTo(1e-300);
    assertThatThrownBy(() -> optimizer.learningRate(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
