package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.parallel.PiecewiseModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A forward that fails in the middle, wherever that is, and one that is taken back, leave no trace:
 * the model goes on as a twin that never began it.
 */
@Timeout(120)
class FailedForwardTest {
  private static final int BATCH = 8;

  /** Statistics move before the function, after it, and dropout draws in between. */
  private static final CompiledNetwork NETWORK =
      CompiledNetwork.of(
          "Failing",
          "input = 3",
          List.of(
              "@Linear(out = 4) Weighted fc1();",
              "@BatchNorm1d BatchNorm bn1();",
              "@Dropout(p = 0.5) Layer drop();",
              "@Elementwise(type = dev.tenon.integration.Fuse.class, function = \"twice\","
                  + " derivative = \"two\") Layer first();",
              "@Linear(out = 4) Weighted fc2();",
              "@BatchNorm1d(cumulative = true) BatchNorm bn2();",
              "@Elementwise(type = dev.tenon.integration.Fuse.class, function = \"twice\","
                  + " derivative = \"two\") Layer second();",
              "@Linear(out = 2) Weighted head();"));

  private static final List<UnaryOperator<SingleModel>> WAYS =
      List.of(
          model -> model,
          model -> PiecewiseModel.of(model, 2, 1),
          model -> PiecewiseModel.of(model, 2, 2),
          model -> PiecewiseModel.unsynchronised(model, 2));

  @AfterEach
  void defuse() {
    Fuse.defuse();
  }

  @Test
  void leavesNoTrace() {
    for (UnaryOperator<SingleModel> way : WAYS) {
      SingleModel model = way.apply(NETWORK.create(7));
      SingleModel twin = way.apply(NETWORK.create(7));
      assertThat(step(model)).isEqualTo(step(twin));
      int failures = 0;
      // The functions are called for 4 features of each sample, so every piece fails somewhere.
      for (int calls = 0; calls < 2 * 4 * BATCH; calls += 3) {
        List<String> bits = Samples.bits(model);
        Fuse.blowAfter(calls, () -> new IllegalArgumentException("blown"));
        assertThatThrownBy(() -> model.forward(Samples.input(model, 5, BATCH))).hasMessage("blown");
        failures++;

        assertThat(Samples.bits(model)).isEqualTo(bits);
        assertThatThrownBy(() -> model.backward(Samples.outputGradient(model, 6, BATCH)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("the last forward failed in the middle")
            .hasMessageContaining("Call forward again first.");
        assertThat(Samples.bits(model)).isEqualTo(bits);
      }
      assertThat(failures).isEqualTo(22);
      // Dropout included: no random number was spent.
      assertThat(step(model)).isEqualTo(step(twin));
      assertThat(step(model)).isEqualTo(step(twin));
    }
  }

  @Test
  void canBeTakenBack() {
    for (UnaryOperator<SingleModel> way : WAYS) {
      SingleModel model = way.apply(NETWORK.create(7));
      SingleModel twin = way.apply(NETWORK.create(7));
      model.undoForward();
      assertThat(step(model)).isEqualTo(step(twin));

      List<String> bits = Samples.bits(model);
      model.forward(Samples.input(model, 5, BATCH));
      assertThat(Samples.bits(model)).isNotEqualTo(bits);
      model.undoForward();
      model.undoForward();
      assertThat(Samples.bits(model)).isEqualTo(bits);
      assertThatThrownBy(() -> model.backward(Samples.outputGradient(model, 6, BATCH)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("taken back by undoForward");
      assertThat(step(model)).isEqualTo(step(twin));

      // After its backward too, of which only the gradients remain.
      model.forward(Samples.input(model, 8, BATCH));
      model.backward(Samples.outputGradient(model, 9, BATCH));
      model.undoForward();
      assertThat(step(model)).isEqualTo(step(twin));
    }
  }

  @Test
  void anEvaluationMovesNothingAndThereIsNothingToTakeBack() {
    for (UnaryOperator<SingleModel> way : WAYS) {
      SingleModel model = way.apply(NETWORK.create(7));
      SingleModel twin = way.apply(NETWORK.create(7));
      assertThat(step(model)).isEqualTo(step(twin));
      model.forwardEvaluation(Samples.input(model, 5, BATCH));
      model.undoForward();
      assertThat(step(model)).isEqualTo(step(twin));
    }
  }

  /** A training step without an optimiser: every bit that can be seen. */
  private static List<String> step(SingleModel model) {
    List<String> bits = new ArrayList<>();
    bits.add(Samples.bits(model.forward(Samples.input(model, 1, BATCH))));
    bits.add(Samples.bits(model.backwardToInput(Samples.outputGradient(model, 2, BATCH))));
    bits.addAll(Samples.bits(model));
    return bits;
  }
}
