package dev.tenon.runtime.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.State;
import dev.tenon.runtime.init.Initializer;
import java.util.List;
import org.junit.jupiter.api.Test;

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

  @Test
  void rangesAreJoinedAndAscending() {
    State state = state(DType.FLOAT32);
    assertThat(state.trainableRanges()).containsExactly(0, 9);
    state.parameter("b").freeze();
    assertThat(state.trainableRanges()).containsExactly(0, 3, 5, 9);
    state.parameter("a").freeze();
    assertThat(state.trainableRanges()).containsExactly(5, 9);
    state.parameter("c").freeze();
    assertThat(state.trainableRanges()).isEmpty();
    state.parameter("a").unfreeze();
    assertThat(state.trainableRanges()).containsExactly(0, 3);
  }
}
