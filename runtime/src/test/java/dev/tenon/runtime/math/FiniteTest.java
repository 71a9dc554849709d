package dev.tenon.runtime.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.state.State;
import org.junit.jupiter.api.Test;

class FiniteTest {
  /** What is not finite is found at every place, whatever else is there. */
  @Test
  void whatIsNotFiniteIsFound() {
    double[] bad = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      double huge = dtype == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
      State state =
          State.builder(dtype)
              .parameter("a.weight", Initializer.constant(0), 21)
              .parameter("b.bias", Initializer.constant(0), 3)
              .build(0);
      state.parameters().forEach(p -> p.gradient().fill(huge));
      state.parameter("a.weight").gradient().set(0, 3);
      state.parameter("a.weight").gradient().set(-huge, 4);
      assertThat(state.arrays().areGradientsFinite(Finite::all)).isTrue();
      for (double value : bad) {
        for (int at = 0; at < 21; at++) {
          double before = state.parameter("a.weight").gradient().get(at);
          state.parameter("a.weight").gradient().set(value, at);
          assertThat(state.arrays().areGradientsFinite(Finite::all))
              .as("%s at %d", value, at)
              .isFalse();
          state.parameter("a.weight").gradient().set(before, at);
        }
        state.parameter("b.bias").gradient().set(value, 2);
        assertThat(state.arrays().areGradientsFinite(Finite::all)).isFalse();
        state.parameter("b.bias").freeze();
        assertThat(state.arrays().areGradientsFinite(Finite::all)).isTrue();
        state.parameter("b.bias").unfreeze();
        state.parameter("b.bias").gradient().set(0, 2);
      }
      Allocation.assertNone(() -> state.arrays().areGradientsFinite(Finite::all));
    }
  }
}
