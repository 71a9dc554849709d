package dev.tenon.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.init.Initializer;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class StateTest {
  private static StateBuilder declare(DType dtype) {
    return State.builder(dtype)
        .parameter("conv1.weight", Initializer.uniform(0.5), 2, 1, 3, 3)
        .parameter("bn1.weight", Initializer.constant(1), 2)
        .parameter("bn1.bias", Initializer.constant(0), 2)
        .runningStat("bn1.running_mean", 0, 2)
        .runningStat("bn1.running_var", 1, 2)
        .counter("bn1.num_batches_tracked")
        .parameter("head.weight", Initializer.normal(0.1), 3, 2)
        .runningStat("bn2.running_mean", 2, 3)
        .counter("bn2.num_batches_tracked");
  }

  @Test
  void parametersLieOneBehindTheOther() {
    State state = declare(DType.FLOAT32).build(1);

    assertThat(state.parameterCount()).isEqualTo(18 + 2 + 2 + 6);
    assertThat(state.floatParameters()).hasSize(28);
    assertThat(state.floatGradients()).hasSize(28).containsOnly(0f);
    assertThat(state.floatRunningStats()).containsExactly(0, 0, 1, 1, 2, 2, 2);
    assertThat(state.counters()).containsExactly(0, 0);
    int offset = 0;
    for (Parameter parameter : state.parameters()) {
      assertThat(parameter.value().floatArray()).isSameAs(state.arrays().floatParameters());
      assertThat(parameter.gradient().floatArray()).isSameAs(state.arrays().floatGradients());
      assertThat(parameter.value().offset()).isEqualTo(offset);
      assertThat(parameter.gradient().offset()).isEqualTo(offset);
      assertThat(parameter.gradient().shape()).isEqualTo(parameter.shape());
      offset += parameter.value().size();
    }
    assertThat(state.parameter("head.weight").value().offset()).isEqualTo(22);
    assertThat(state.runningStat("bn2.running_mean").value().offset()).isEqualTo(4);
  }

  @Test
  void namesAreInOrderOfDeclaration() {
    State state = declare(DType.FLOAT64).build(1);

    assertThat(state.entries().stream().map(StateEntry::name))
        .containsExactly(
            "conv1.weight",
            "bn1.weight",
            "bn1.bias",
            "bn1.running_mean",
            "bn1.running_var",
            "bn1.num_batches_tracked",
            "head.weight",
            "bn2.running_mean",
            "bn2.num_batches_tracked");
    assertThat(state.tensors().keySet())
        .containsExactly(
            "conv1.weight",
            "bn1.weight",
            "bn1.bias",
            "bn1.running_mean",
            "bn1.running_var",
            "bn1.num_batches_tracked",
            "head.weight",
            "bn2.running_mean",
            "bn2.num_batches_tracked");
    assertThat(state.counterList().stream().map(Counter::name))
        .containsExactly("bn1.num_batches_tracked", "bn2.num_batches_tracked");
    assertThat(state.tensors().get("bn1.running_var"))
        .isSameAs(state.runningStat("bn1.running_var").value());
  }

  @Test
  void seedsGiveValuesByParameterNumberAndIndexOnly() {
    State one = declare(DType.FLOAT64).build(1);
    State same = declare(DType.FLOAT64).build(1);
    State other = declare(DType.FLOAT64).build(2);
    // The first parameter is larger here; the fourth keeps its number, and so its values.
    State wider =
        State.builder(DType.FLOAT64)
            .parameter("a", Initializer.uniform(0.5), 4, 1, 3, 3)
            .parameter("b", Initializer.constant(1), 2)
            .parameter("c", Initializer.constant(0), 2)
            .parameter("d", Initializer.normal(0.1), 3, 2)
            .build(1);

    assertThat(one.doubleParameters()).isEqualTo(same.doubleParameters());
    assertThat(one.parameter("conv1.weight").value().toDoubleArray())
        .isNotEqualTo(other.parameter("conv1.weight").value().toDoubleArray())
        .containsExactly(Arrays.copyOf(wider.parameter("a").value().toDoubleArray(), 18));
    assertThat(one.parameter("head.weight").value().toDoubleArray())
        .isEqualTo(wider.parameter("d").value().toDoubleArray());
    float[] rounded = one.parameter("head.weight").value().toFloatArray();
    assertThat(declare(DType.FLOAT32).build(1).parameter("head.weight").value().toFloatArray())
        .isEqualTo(rounded);
  }

  @Test
  void entriesAreViews() {
    State state = declare(DType.FLOAT32).build(1);

    state.parameter("bn1.weight").set(7, 1);
    state.runningStat("bn1.running_mean").set(-3, 0);
    state.counter("bn2.num_batches_tracked").set(12);

    assertThat(state.floatParameters()[19]).isEqualTo(7);
    assertThat(state.parameter("bn1.weight").get(1)).isEqualTo(7);
    assertThat(state.floatRunningStats()[0]).isEqualTo(-3);
    assertThat(state.runningStat("bn1.running_mean").get(0)).isEqualTo(-3);
    assertThat(state.counters()).containsExactly(0, 12);
    assertThat(state.parameter("bn1.weight")).hasToString("bn1.weight float32 [2] [1.0, 7.0]");
    assertThat(state.counter("bn2.num_batches_tracked")).hasToString("bn2.num_batches_tracked 12");
  }

  /** Whoever copies all tensors has copied the state. */
  @Test
  void tensorsAreEverything() {
    State source = declare(DType.FLOAT32).dataStat("features.mean", 0, 2).build(1);
    State target = declare(DType.FLOAT32).dataStat("features.mean", 0, 2).build(2);
    source.counter("bn1.num_batches_tracked").set((1L << 53) + 1);
    source.runningStat("bn1.running_var").set(7, 1);
    source.runningStat("features.mean").set(0.1, 1);

    source.tensors().forEach((name, tensor) -> target.tensors().get(name).copyFrom(tensor));

    assertThat(target.counter("bn1.num_batches_tracked").get()).isEqualTo((1L << 53) + 1);
    assertThat(target.floatParameters()).isEqualTo(source.floatParameters());
    assertThat(target.floatRunningStats()).isEqualTo(source.floatRunningStats());
    assertThat(target.runningStat("features.mean").get(1)).isEqualTo(0.1);
    assertThat(source.tensors().keySet())
        .containsExactlyElementsOf(source.entries().stream().map(StateEntry::name).toList());
    for (StateEntry entry : source.entries()) {
      assertThat(source.tensors().get(entry.name())).isSameAs(entry.value());
    }
    Tensor counter = target.tensors().get("bn2.num_batches_tracked");
    assertThat(counter.describe()).isEqualTo("int64 []");
    counter.setLong(12);
    assertThat(target.counter("bn2.num_batches_tracked").get()).isEqualTo(12);
    target.counter("bn2.num_batches_tracked").set(13);
    assertThat(counter.getLong()).isEqualTo(13);
  }

  @Test
  void statisticsOfDataAreDoubleInEveryState() {
    State state = declare(DType.FLOAT32).dataStat("features.std", 1, 2).build(1);

    assertThat(state.runningStat("features.std").value().describe()).isEqualTo("float64 [2]");
    assertThat(state.runningStat("features.std").value().toDoubleArray()).containsExactly(1, 1);
    assertThat(state.floatRunningStats()).hasSize(7);
    assertThat(state.toString()).endsWith("\n  features.std: float64 statistic of shape [2]");
    State other = declare(DType.FLOAT32).runningStat("features.std", 1, 2).build(1);
    assertThatThrownBy(() -> state.copyFrom(other))
        .hasMessageContaining(
            "features.std: expected a float64 statistic of shape [2], got a running statistic of"
                + " shape [2]");
  }

  @Test
  void flatValuesAreCopies() {
    State state = declare(DType.FLOAT32).build(1);
    state.floatParameters()[18] = 5;
    state.floatGradients()[18] = 5;
    state.floatRunningStats()[0] = 5;
    state.counters()[0] = 5;

    assertThat(state.parameter("bn1.weight").get(0)).isEqualTo(1);
    assertThat(state.arrays().floatGradients()).containsOnly(0);
    assertThat(state.runningStat("bn1.running_mean").get(0)).isZero();
    assertThat(state.counter("bn1.num_batches_tracked").get()).isZero();

    float[] before = state.floatParameters();
    for (int length : new int[] {0, 27, 29}) {
      assertThatThrownBy(() -> state.setFloatParameters(new float[length]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("State: there are 28 parameters, but " + length + " values were given.");
      assertThatThrownBy(() -> state.setFloatGradients(new float[length]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("State: there are 28 gradients, but " + length + " values were given.");
    }
    assertThat(state.floatParameters()).isEqualTo(before);
    assertThatThrownBy(() -> state.setDoubleParameters(new double[28]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This state is float32: use setFloatParameters(...).");
    assertThatThrownBy(() -> state.arrays().doubleParameters())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This state is float32: use floatParameters().");
  }

  @Test
  void countersAreNeverNegative() {
    State state = declare(DType.FLOAT32).build(1);
    Counter counter = state.counter("bn1.num_batches_tracked");
    counter.set(3);

    assertThatThrownBy(() -> counter.set(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bn1.num_batches_tracked: a counter must be at least 0, but -1 was given.");
    assertThat(counter.get()).isEqualTo(3);
  }

  @Test
  void unknownNamesGetASuggestion() {
    State state = declare(DType.FLOAT32).build(1);

    assertThatThrownBy(() -> state.parameter("bn1.wieght"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage(
            "No parameter \"bn1.wieght\". Did you mean \"bn1.weight\"? Known: conv1.weight,"
                + " bn1.weight, bn1.bias, head.weight.");
    assertThatThrownBy(() -> state.runningStat("x"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage(
            "No running statistic \"x\". Known: bn1.running_mean, bn1.running_var,"
                + " bn2.running_mean.");
    assertThatThrownBy(() -> state.parameter("bn1.running_mean"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("No parameter \"bn1.running_mean\": it is a running statistic of shape [2].");
    assertThatThrownBy(() -> State.builder(DType.FLOAT32).build(1).counter("n"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("No counter \"n\". There is none.");
  }

  @Test
  void arraysOfTheOtherTypeAreRefused() {
    State single = declare(DType.FLOAT32).build(1);
    State twice = declare(DType.FLOAT64).build(1);

    assertThatThrownBy(single::doubleParameters)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This state is float32: use floatParameters().");
    assertThatThrownBy(single::doubleGradients).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(single::doubleRunningStats).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(twice::floatParameters).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(twice::floatGradients)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This state is float64: use doubleGradients().");
    assertThatThrownBy(twice::floatRunningStats).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void builderRefusesDoublesAndTooManyValues() {
    StateBuilder builder = declare(DType.FLOAT32);
    assertThatThrownBy(() -> builder.counter("bn1.bias"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("State entry \"bn1.bias\" is declared twice.");

    StateBuilder large =
        State.builder(DType.FLOAT32).parameter("a", Initializer.constant(0), 2_000_000_000);
    assertThatThrownBy(() -> large.parameter("b", Initializer.constant(0), 1_000, 1_000_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "With b [1000, 1000000] the parameters of the network have 3000000000 values"
                + " together, but one array holds at most 2147483647.");
  }

  @Test
  void copyFromCopiesEverythingButGradients() {
    State source = declare(DType.FLOAT64).build(3);
    source.runningStat("bn1.running_var").set(5, 1);
    source.counter("bn1.num_batches_tracked").set(9);
    source.parameter("bn1.bias").gradient().fill(4);
    State target = declare(DType.FLOAT64).build(4);

    target.copyFrom(source);

    assertThat(target.doubleParameters()).isEqualTo(source.doubleParameters());
    assertThat(target.doubleRunningStats()).isEqualTo(source.doubleRunningStats());
    assertThat(target.counters()).containsExactly(9, 0);
    assertThat(target.doubleGradients()).containsOnly(0);
  }

  @Test
  void copyFromReportsAllProblemsAndChangesNothing() {
    State target = declare(DType.FLOAT32).build(3);
    State source =
        State.builder(DType.FLOAT64)
            .parameter("conv1.weight", Initializer.constant(0), 2, 1, 5, 5)
            .parameter("bn1.weight", Initializer.constant(9), 2)
            .runningStat("bn1.bias", 0, 2)
            .parameter("extra", Initializer.constant(0), 1)
            .build(1);
    float[] before = target.floatParameters().clone();

    assertThatThrownBy(() -> target.copyFrom(source))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("The states do not match, nothing was copied:")
        .hasMessageContaining("element type: expected float32, got float64")
        .hasMessageContaining(
            "conv1.weight: expected a parameter of shape [2, 1, 3, 3],"
                + " got a parameter of shape [2, 1, 5, 5]")
        .hasMessageContaining(
            "bn1.bias: expected a parameter of shape [2], got a running statistic of shape [2]")
        .hasMessageContaining("missing: head.weight (parameter of shape [3, 2])")
        .hasMessageContaining("missing: bn1.num_batches_tracked (counter)")
        .hasMessageContaining("unexpected: extra (parameter of shape [1])");
    assertThat(target.floatParameters()).isEqualTo(before);
  }
}
