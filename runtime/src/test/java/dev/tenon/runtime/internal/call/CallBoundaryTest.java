package dev.tenon.runtime.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.state.State;
import org.junit.jupiter.api.Test;

class CallBoundaryTest {
  private final CallBoundary boundary =
      new CallBoundary(
          "CifarNet", State.builder(DType.FLOAT32).build(1), new int[] {3, 4, 4}, new int[] {10});

  @Test
  void acceptsAnyBatchSize() {
    assertThat(boundary.input(Tensor.zeros(DType.FLOAT32, 5, 3, 4, 4))).isEqualTo(5);
    assertThat(boundary.input(Tensor.zeros(DType.FLOAT32, 0, 3, 4, 4))).isZero();
  }

  @Test
  void refusesOtherShapes() {
    assertThatThrownBy(() -> boundary.input(Tensor.zeros(DType.FLOAT32, 5, 1, 4, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("CifarNet: expected an input of shape [batch, 3, 4, 4], got [5, 1, 4, 4].");
    assertThatThrownBy(() -> boundary.input(Tensor.zeros(DType.FLOAT32)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got [].");
    assertThatThrownBy(() -> boundary.input(Tensor.zeros(DType.FLOAT32, 3, 4, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "CifarNet: expected an input of shape [batch, 3, 4, 4], got [3, 4, 4]. One sample is a"
                + " batch of one: reshape it to [1, 3, 4, 4].");
  }

  @Test
  void refusesOtherTypes() {
    assertThatThrownBy(() -> boundary.input(Tensor.zeros(DType.FLOAT64, 5, 3, 4, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("CifarNet: expected an input of type float32, got float64.")
        .hasMessageContaining("Tensor.of(tensor.toFloatArray(), tensor.shape())");
  }

  @Test
  void oneValuePerChannelIsRefused() {
    assertThatThrownBy(
            () -> boundary.requireMoreThanOneValue("block1.bn", "@BatchNorm1d(features = 4)", 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "CifarNet, block1.bn: @BatchNorm1d(features = 4) needs more than 1 value per channel")
        .hasMessageContaining("[1, 3, 4, 4]")
        .hasMessageContaining("A batch of 1 is the cause")
        .hasMessageContaining("Drop a last batch of 1 or merge it");
    assertThatCode(
            () -> {
              boundary.requireMoreThanOneValue("bn", "@BatchNorm2d", 16, 1);
              boundary.requireMoreThanOneValue("bn", "@BatchNorm2d", 1, 2);
              boundary.requireMoreThanOneValue("bn", "@BatchNorm2d", 1, 0);
              boundary.requireMoreThanOneValue("bn", "@BatchNorm2d", 65536, 65536);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void twoBatchSizesKeepTheirTensors() {
    Tensor full = boundary.output(64);
    Tensor last = boundary.output(5);

    assertThat(full.shape()).containsExactly(64, 10);
    assertThat(last.shape()).containsExactly(5, 10);
    assertThat(boundary.output(64)).isSameAs(full);
    assertThat(boundary.output(64)).isSameAs(full);
    assertThat(boundary.output(5)).isSameAs(last);
    Allocation.assertNone(
        () -> {
          boundary.output(64);
          boundary.output(5);
        });

    Tensor third = boundary.output(7);
    assertThat(boundary.output(5)).isSameAs(last);
    assertThat(boundary.output(7)).isSameAs(third);
    assertThat(boundary.output(64)).isNotSameAs(full);
  }

  @Test
  void purposesHaveTensorsOfTheirOwn() {
    assertThat(boundary.output(2)).isNotSameAs(boundary.prediction(2));
    assertThat(boundary.prediction(2).shape()).containsExactly(2, 10);
    assertThat(boundary.inputGradient(2).shape()).containsExactly(2, 3, 4, 4);
    assertThat(boundary.prediction(0).size()).isZero();
  }

  @Test
  void backwardNeedsAForward() {
    Tensor gradient = Tensor.zeros(DType.FLOAT32, 2, 10);

    assertThatThrownBy(() -> boundary.backward(gradient))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("CifarNet: backward was called, but no forward came before it.");

    boundary.forwardDone(2);
    assertThat(boundary.backward(gradient)).isEqualTo(2);
    boundary.backwardBegins();
    boundary.backwardDone();
    assertThatThrownBy(() -> boundary.backward(gradient))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("may be called once per forward");

    boundary.forwardDone(2);
    assertThat(boundary.backward(gradient)).isEqualTo(2);
  }

  @Test
  void aRefusedBackwardMayBeRepeated() {
    boundary.forwardDone(2);

    assertThatThrownBy(() -> boundary.backward(Tensor.zeros(DType.FLOAT32, 3, 10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "CifarNet: expected an output gradient of shape [2, 10], as the last forward returned,"
                + " got [3, 10].");
    assertThatThrownBy(() -> boundary.backward(Tensor.zeros(DType.FLOAT32, 2, 10, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> boundary.backward(Tensor.zeros(DType.FLOAT64, 2, 10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected an output gradient of type float32, got float64");
    assertThat(boundary.backward(Tensor.zeros(DType.FLOAT32, 2, 10))).isEqualTo(2);
  }
}
