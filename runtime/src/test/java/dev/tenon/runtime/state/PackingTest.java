package dev.tenon.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.internal.call.CallBoundary;
import dev.tenon.runtime.internal.layout.PackedOrder;
import dev.tenon.runtime.internal.layout.Packing;
import dev.tenon.runtime.loss.Losses;
import dev.tenon.runtime.train.Dataset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackingTest {
  /** A convolution's weight in blocks of 16 output channels: 12 of the last block are padding. */
  static final Packing CONV =
      Packing.of(new int[] {2, 3, 3, 6, 16}, new int[] {0, 2, 3, 1, 0}, new int[] {16, 1, 1, 1, 1});

  /** A linear layer's weight behind a flattened [32, 5, 5] that lies channels-last. */
  static final Packing LINEAR =
      Packing.of(
          new int[] {1, 5, 5, 32, 16}, new int[] {0, 1, 1, 1, 0}, new int[] {16, 5, 1, 25, 1});

  @Test
  void aConvolutionLiesInBlocks() {
    State state =
        State.builder(DType.FLOAT32)
            .parameter("head", Initializer.constant(7), 3)
            .parameter("w", Initializer.normal(1), CONV, 20, 6, 3, 3)
            .build(4);
    Tensor value = state.parameter("w").value();
    float[] flat = state.arrays().floatParameters();

    assertThat(CONV.size()).isEqualTo(2 * 3 * 3 * 6 * 16);
    assertThat(flat).hasSize(3 + CONV.size());
    assertThat(state.parameterCount()).isEqualTo(3 + 20 * 6 * 3 * 3);
    assertThat(value.offset()).isEqualTo(3);
    int at = 3;
    for (int block = 0; block < 2; block++) {
      for (int y = 0; y < 3; y++) {
        for (int x = 0; x < 3; x++) {
          for (int in = 0; in < 6; in++) {
            for (int lane = 0; lane < 16; lane++) {
              int out = 16 * block + lane;
              double expected = out < 20 ? value.get(out, in, y, x) : 0;
              assertThat((double) flat[at++]).isEqualTo(expected);
            }
          }
        }
      }
    }
  }

  @Test
  void aFlattenedInputLiesChannelsLast() {
    State state =
        State.builder(DType.FLOAT64)
            .parameter("w", Initializer.normal(1), LINEAR, 10, 800)
            .build(4);
    Tensor value = state.parameter("w").value();
    int at = 0;
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        for (int c = 0; c < 32; c++) {
          for (int lane = 0; lane < 16; lane++) {
            double expected = lane < 10 ? value.get(lane, c * 25 + y * 5 + x) : 0;
            assertThat(state.arrays().doubleParameters()[at++]).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void everyElementHasAPlaceOfItsOwn() {
    PackedOrder order = CONV.order("w", 20, 6, 3, 3);
    Set<Integer> places = new HashSet<>();
    for (int i = 0; i < order.elements(); i++) {
      places.add(order.place(i));
    }
    assertThat(places).hasSize(20 * 6 * 3 * 3).allMatch(p -> p >= 0 && p < CONV.size());
    assertThat(order.firstPadding()).isEqualTo(9 * 6 * 16 + 4);
    assertThat(places).doesNotContain(order.firstPadding());
  }

  @Test
  void scalarsAndEmptyShapes() {
    Packing lanes = Packing.of(new int[] {4}, new int[] {0}, new int[] {1});
    assertThat(lanes.order("p", 1).elements()).isEqualTo(1);
    assertThat(lanes.order("p", 1).firstPadding()).isEqualTo(1);
    assertThat(lanes.order("p", 4).firstPadding()).isEqualTo(4);
    assertThat(lanes.order("p", 0).elements()).isZero();
    assertThat(lanes.order("p", 0, 1).elements()).isZero();
    assertThat(lanes.order("p", 3, 0).elements()).isZero();
    assertThat(lanes.order("p", 3, 1).place(2)).isEqualTo(2);

    Packing scalar = Packing.of(new int[0], new int[0], new int[0]);
    State state =
        State.builder(DType.FLOAT32).parameter("p", Initializer.constant(3), scalar).build(0);
    assertThat(state.parameter("p").get()).isEqualTo(3);
    assertThat(state.parameter("p")).hasToString("p float32 [] 3.0");
    assertThat(state.parameter("p").value().toFloatArray()).containsExactly(3);
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    StateBuilder builder = State.builder(DType.FLOAT32);
    assertThatThrownBy(
            () -> builder.parameter("c1.weight", Initializer.constant(0), CONV, 33, 6, 3, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "c1.weight [33, 6, 3, 3] does not fit its packing sizes [2, 3, 3, 6, 16], axes [0, 2,"
                + " 3, 1, 0], steps [16, 1, 1, 1, 1]: coordinate 32 of axis 0 has no place.");
    assertThatThrownBy(() -> builder.runningStat("m", 0, CONV, 20, 6, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no axis 3");
    Packing twice = Packing.of(new int[] {3, 4}, new int[] {0, 0}, new int[] {2, 1});
    assertThatThrownBy(() -> builder.runningStat("m", 0, twice, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("coordinate 2 of axis 0 has two places");
    Packing gap = Packing.of(new int[] {2, 2}, new int[] {0, 0}, new int[] {3, 1});
    assertThatThrownBy(() -> builder.runningStat("m", 0, gap, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("coordinate 2 of axis 0 has no place");
    // A second axis of one coordinate needs no size of its own, one of two does.
    builder.runningStat("one", 0, gap, 2, 1);
    assertThatThrownBy(() -> builder.runningStat("two", 0, gap, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("coordinate 1 of axis 1 has no place");
  }

  @Test
  void packingsAreChecked() {
    assertThatThrownBy(() -> Packing.of(new int[] {2}, new int[] {0, 1}, new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Packing: sizes [2], axes [0, 1] and steps [1] must have the same length.");
    for (int[] wrong : List.of(new int[] {0, 0, 1}, new int[] {1, -1, 1}, new int[] {1, 0, 0})) {
      assertThatThrownBy(
              () ->
                  Packing.of(
                      new int[] {2, wrong[0]}, new int[] {1, wrong[1]}, new int[] {1, wrong[2]}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("but number 1 of sizes [2, " + wrong[0] + "]");
    }
    assertThatThrownBy(
            () -> Packing.of(new int[] {65536, 65536}, new int[] {0, 1}, new int[] {1, 1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void paddingCountsForTheSizeOfTheArrays() {
    Packing small = Packing.of(new int[] {16}, new int[] {0}, new int[] {1});
    StateBuilder builder =
        State.builder(DType.FLOAT32)
            .parameter("a", Initializer.constant(0), Integer.MAX_VALUE - 15)
            .parameter("b", Initializer.constant(0), 5);
    assertThatThrownBy(() -> builder.parameter("c", Initializer.constant(0), small, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("With c [5] the parameters of the network have 2147483653 values");
  }

  @Test
  void packedTensorsAreNoInputs() {
    Packing lanes = Packing.of(new int[] {2, 16}, new int[] {0, 1}, new int[] {1, 1});
    Tensor packed =
        State.builder(DType.FLOAT32)
            .parameter("p", Initializer.constant(1), lanes, 2, 3)
            .build(0)
            .parameter("p")
            .value();
    CallBoundary boundary =
        new CallBoundary(
            "Net", State.builder(DType.FLOAT32).build(1), new int[] {3}, new int[] {3});
    assertThatThrownBy(() -> boundary.input(packed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Net: an input must have its elements in row-major order")
        .hasMessageContaining("Tensor.of(tensor.toFloatArray(), tensor.shape())");
    boundary.forwardDone(2);
    assertThatThrownBy(() -> boundary.backward(packed))
        .isInstanceOf(IllegalArgumentException.class);
    boundary.backward(Tensor.zeros(DType.FLOAT32, 2, 3));
    Tensor prediction = Tensor.zeros(DType.FLOAT32, 2, 3);
    assertThatThrownBy(() -> Losses.meanSquaredError().check(prediction, packed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the target is a view of a packed parameter or statistic");
    assertThatThrownBy(() -> Losses.meanSquaredError().forward(packed, prediction))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the prediction is a view of a packed parameter or statistic");
    assertThatThrownBy(() -> Dataset.of(packed, new int[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("packed");
  }
}
