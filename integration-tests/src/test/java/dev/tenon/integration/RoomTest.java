package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A batch whose values no array can hold is refused before anything changes, with numbers. */
class RoomTest {
  @Test
  void theLargestBatchIsNamed() {
    SingleModel model =
        CompiledNetwork.of(
                "Wide",
                "input = {1, 1, 1}",
                List.of("@Upsample(size = {30000, 30000}) Layer up();"))
            .create(1);
    for (boolean training : List.of(true, false)) {
      Tensor x = Samples.input(model, 1, 3);
      assertThatThrownBy(() -> run(model, x, training))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "Wide: a batch of 3 samples does not fit into working memory: up.")
          .hasMessageContaining("900,000,000 values a sample, 2,700,000,000 for the batch")
          .hasMessageEndingWith(
              "The largest batch that fits is 2: cut the batch into smaller ones.");
    }
    assertThat(model.predict(Samples.input(model, 1, 0)).size()).isZero();
  }

  /** The forward before is still there, with its backward. */
  @Test
  void whatWasBeforeStays() {
    SingleModel model =
        CompiledNetwork.of(
                "Narrow",
                "input = 1",
                List.of(
                    "@Linear(out = 100000) Weighted fc();",
                    "@ReLU Layer relu();",
                    "@Linear(out = 1) Weighted head();"))
            .create(1);
    SingleModel other =
        CompiledNetwork.of(
                "Narrow",
                "input = 1",
                List.of(
                    "@Linear(out = 100000) Weighted fc();",
                    "@ReLU Layer relu();",
                    "@Linear(out = 1) Weighted head();"))
            .create(1);
    Tensor dy = Samples.outputGradient(model, 2, 2);
    model.forward(Samples.input(model, 1, 2));
    other.forward(Samples.input(model, 1, 2));
    Tensor large = Tensor.zeros(model.dtype(), 20_000_000, 1);
    boolean refused = true;
    try {
      if (CompiledNetwork.hasVectors()) {
        model.forward(large);
        refused = false;
      }
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("The largest batch that fits is");
    }
    assertThat(refused).isTrue();
    model.backward(dy);
    other.backward(dy);
    assertThat(Samples.bits(model)).isEqualTo(Samples.bits(other));
  }

  private static Tensor run(SingleModel model, Tensor x, boolean training) {
    return training ? model.forward(x) : model.predict(x);
  }
}
