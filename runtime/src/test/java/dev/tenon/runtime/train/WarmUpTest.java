package dev.tenon.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.state.State;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void nothingChangesAndTheBackwardThatIsDueStillRuns() {
    LinearModel model = new LinearModel(3, 2, false);
    LinearModel cold = new LinearModel(3, 2, false);
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor g = Tensor.of(new double[] {1, -1, 0.5, 2}, 2, 2);
    step(model, x, g);
    step(cold, x, g);
    Tensor output = model.forward(x);
    Tensor expected = cold.forward(x);
    State state = model.state();

    model.recordBatches = false;
    model.warmUp(4);

    LinearModel twin = model.pieces.get(0);
    assertThat(twin.state().doubleGradients()).as("it did run").isNotEqualTo(new double[8]);
    assertSame(state, cold.state());
    assertThat(output.toDoubleArray()).isEqualTo(expected.toDoubleArray());
    model.backward(g);
    cold.backward(g);
    assertSame(state, cold.state());
    assertThat(model.predict(x).toDoubleArray()).isEqualTo(cold.predict(x).toDoubleArray());
  }

  private static void step(LinearModel model, Tensor x, Tensor g) {
    model.forward(x);
    model.backward(g);
  }

  private static void assertSame(State actual, State expected) {
    assertThat(actual.doubleParameters()).isEqualTo(expected.doubleParameters());
    assertThat(actual.doubleGradients()).isEqualTo(expected.doubleGradients());
    assertThat(actual.doubleRunningStats()).isEqualTo(expected.doubleRunningStats());
    assertThat(actual.counters()).isEqualTo(expected.counters());
  }

  @Test
  void itUsesAsManyThreadsAsTheModel() {
    LinearModel model = new LinearModel(3, 2, false);
    model.recordBatches = false;
    model.splitsLoops = true;
    model.threads(3);
    model.warmUp(1);
    assertThat(model.pieces).extracting(LinearModel::threads).containsExactly(3);
  }

  @Test
  void aModelInPiecesWarmsUpAsAWhole() {
    LinearModel model = new LinearModel(3, 2, false);
    model.recordBatches = false;
    try (PiecewiseModel split = PiecewiseModel.of(model, 2, 1)) {
      split.warmUp(4);
    }
    assertThat(model.pieces).hasSize(3);
    assertSame(model.state(), new LinearModel(3, 2, false).state());
  }

  @Test
  void aBatchThatCannotTrainIsRefused() {
    LinearModel model = new LinearModel(3, 2, true);
    assertThatThrownBy(() -> model.warmUp(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("LinearNet: to warm up needs a batch of at least 2, not 1.");
    assertThat(model.pieces).isEmpty();
    assertThat(model.dtype()).isEqualTo(DType.FLOAT64);
  }
}
