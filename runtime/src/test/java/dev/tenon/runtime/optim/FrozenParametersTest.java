package dev.tenon.runtime.optim;

import static dev.tenon.runtime.Fixtures.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Fixtures;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.state.StateBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Optimisers leave frozen parameters, weight decay and momentum included, as they are. */
class FrozenParametersTest {
  private static final List<OptimizerSpec> SPECS =
      List.of(
          Optimizers.sgd(0.1).weightDecay(0.1),
          Optimizers.sgd(0.1).momentum(0.9).weightDecay(0.1),
          Optimizers.sgd(0.1).momentum(0.9).nesterov(),
          Optimizers.adam(0.1).weightDecay(0.1),
          Optimizers.adamW(0.1),
          Optimizers.adam(0.1).amsgrad());

  private static State state(DType dtype) {
    State state =
        State.builder(dtype)
            .parameter("a", Initializer.constant(1), 3)
            .parameter("b", Initializer.constant(2), 2)
            .parameter("c", Initializer.constant(3), 4)
            .build(1);
    state.parameters().forEach(p -> p.gradient().fill(1));
    return state;
  }

  @Test
  void onlyTheOthersMove() {
    for (OptimizerSpec spec : SPECS) {
      for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
        State state = state(dtype);
        Optimizer optimizer = spec.create(state);
        state.parameter("b").freeze();
        optimizer.step();
        optimizer.step();
        assertThat(state.parameter("b").get(0)).isEqualTo(2);
        assertThat(state.parameter("b").get(1)).isEqualTo(2);
        assertThat(state.parameter("a").get(2)).isLessThan(1);
        assertThat(state.parameter("c").get(0)).isLessThan(3);
        state.parameter("b").unfreeze();
        optimizer.step();
        assertThat(state.parameter("b").get(1)).isLessThan(2);
      }
    }
  }

  /**
   * Steps are counted and buffers begun by parameter, as PyTorch does where there is no gradient.
   */
  @TestFactory
  Stream<DynamicTest> freezingMatchesPyTorch() {
    return Fixtures.cases("freezing").stream()
        .flatMap(
            test ->
                Stream.of(false, true)
                    .map(
                        grouped ->
                            DynamicTest.dynamicTest(
                                "%s %s %s%s"
                                    .formatted(
                                        test.get("kind").asText(),
                                        test.get("dtype").asText(),
                                        test.get("options"),
                                        grouped ? " in groups" : ""),
                                () -> freeze(test, grouped))));
  }

  private static void freeze(JsonNode test, boolean grouped) {
    String[] names = {"a", "b", "c"};
    DType dtype = Fixtures.dtype(test);
    StateBuilder builder = State.builder(dtype);
    for (int i = 0; i < names.length; i++) {
      builder.parameter(names[i], Initializer.constant(0), test.get("start").get(i).size());
    }
    State state = builder.build(0);
    OptimizerSpec spec = OptimizersTest.spec(test.get("kind").asText(), test.get("options"));
    // Options are the same in all groups, so nothing but the bookkeeping differs.
    Optimizer optimizer =
        (grouped ? Optimizers.groups(spec).with(p -> p.name().equals("b"), spec) : spec)
            .create(state);
    for (int i = 0; i < names.length; i++) {
      set(state.parameter(names[i]).value(), test.get("start").get(i));
    }
    double tolerance = dtype == DType.FLOAT32 ? 1e-5 : 1e-12;
    for (int step = 0; step < test.get("gradients").size(); step++) {
      for (int i = 0; i < names.length; i++) {
        Parameter parameter = state.parameter(names[i]);
        if (test.get("frozen").get(i).get(step).asBoolean()) {
          parameter.freeze();
        } else {
          parameter.unfreeze();
        }
        set(parameter.gradient(), test.get("gradients").get(step).get(i));
      }
      optimizer.step();
      for (int i = 0; i < names.length; i++) {
        assertClose(
            names[i] + " after step " + (step + 1),
            state.parameter(names[i]).value().toDoubleArray(),
            Fixtures.doubles(test.get("parameters").get(step).get(i)),
            tolerance,
            tolerance);
      }
    }
    assertThat(optimizer.stepCount()).isEqualTo(test.get("gradients").size());
  }

  private static void set(Tensor target, JsonNode values) {
    target.copyFrom(Fixtures.tensor(target.dtype(), Fixtures.doubles(values), values.size()));
  }

  /** The first step of a parameter that was frozen for n steps is as long as any first step. */
  @Test
  void aFirstStepIsAFirstStep() {
    for (OptimizerSpec spec :
        List.of(
            Optimizers.adam(0.01),
            Optimizers.adamW(0.01).weightDecay(0),
            Optimizers.adam(0.01).amsgrad(),
            Optimizers.sgd(0.01).momentum(0.9).dampening(0.5))) {
      for (int frozenSteps : new int[] {0, 1, 10, 100, 1000}) {
        State state = state(DType.FLOAT64);
        Optimizer optimizer = spec.create(state);
        state.parameter("b").freeze();
        for (int i = 0; i < frozenSteps; i++) {
          optimizer.step();
        }
        state.parameter("b").unfreeze();
        optimizer.step();
        assertThat(state.parameter("b").get(0)).isCloseTo(1.99, within(1e-9));
      }
    }
  }

  @Test
  void freezingAllocatesNothing() {
    State state = state(DType.FLOAT32);
    Optimizer optimizer = Optimizers.adam(0.1).create(state);
    state.parameter("b").freeze();
    optimizer.step();
    state.parameter("b").unfreeze();
    Allocation.assertNone(optimizer::step);
  }

  @Test
  void rangesAreJoinedAndAscending() {
    State state = state(DType.FLOAT32);
    assertThat(state.arrays().trainableRanges()).containsExactly(0, 9);
    state.parameter("b").freeze();
    assertThat(state.arrays().trainableRanges()).containsExactly(0, 3, 5, 9);
    state.parameter("a").freeze();
    assertThat(state.arrays().trainableRanges()).containsExactly(5, 9);
    state.parameter("c").freeze();
    assertThat(state.arrays().trainableRanges()).isEmpty();
    state.parameter("a").unfreeze();
    assertThat(state.arrays().trainableRanges()).containsExactly(0, 3);
  }
}
