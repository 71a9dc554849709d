package dev.tenon.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelsLastTest {
  private static final float UNTOUCHED = -7;
  private static final int[] NONE = {};

  /** Spatial sizes, halo before, halo after. */
  private static final List<int[][]> SPACES =
      List.of(
          new int[][] {NONE, NONE, NONE},
          new int[][] {{1}, {0}, {0}},
          new int[][] {{9}, {0}, {0}},
          new int[][] {{9}, {2}, {1}},
          new int[][] {{150}, {0}, {3}},
          new int[][] {{1, 1}, {0, 0}, {0, 0}},
          new int[][] {{1, 1}, {1, 2}, {0, 1}},
          new int[][] {{4, 5}, {0, 0}, {0, 0}},
          new int[][] {{4, 5}, {1, 1}, {1, 1}},
          new int[][] {{4, 5}, {2, 0}, {0, 0}},
          new int[][] {{4, 5}, {0, 0}, {0, 1}},
          new int[][] {{13, 11}, {1, 0}, {2, 0}},
          new int[][] {{2, 3, 4}, {0, 0, 0}, {0, 0, 0}},
          new int[][] {{2, 3, 4}, {1, 2, 0}, {0, 1, 3}},
          new int[][] {{2, 3, 4}, {1, 0, 0}, {1, 0, 0}},
          new int[][] {{3, 0}, {1, 1}, {1, 1}});

  @Test
  void loadAndStoreMoveEveryElement() {
    for (int[][] space : SPACES) {
      for (int channels : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16, 19, 31}) {
        for (int padded : new int[] {channels, (channels + 3) / 4 * 4, (channels + 15) / 16 * 16}) {
          new Case(3, channels, padded, space).run();
        }
      }
    }
    new Case(0, 3, 4, SPACES.get(8)).run();
    new Case(1, 3, 4, SPACES.get(8)).run();
  }

  /** One shape, with a reference that works element by element. */
  private static final class Case {
    final int batch;
    final int channels;
    final int padded;
    final int[] sizes;
    final int[] before;
    final int[] after;
    final int plane;
    final int places;

    Case(int batch, int channels, int padded, int[][] space) {
      this.batch = batch;
      this.channels = channels;
      this.padded = padded;
      sizes = space[0];
      before = space[1];
      after = space[2];
      int product = 1;
      int all = 1;
      for (int axis = 0; axis < sizes.length; axis++) {
        product *= sizes[axis];
        all *= before[axis] + sizes[axis] + after[axis];
      }
      plane = product;
      places = all;
    }

    void run() {
      float[] values = numbers(4 + batch * channels * plane + 3);
      Tensor tensor = Tensor.view(values, 4, shape());
      float[] expected = new float[batch * places * padded];
      Arrays.fill(expected, UNTOUCHED);
      for (int i = 0; i < tensor.size(); i++) {
        expected[place(i)] = values[4 + i];
      }

      float[] buffer = new float[expected.length];
      Arrays.fill(buffer, UNTOUCHED);
      ChannelsLast.load(tensor, buffer, batch, channels, padded, sizes, before, after);
      assertThat(buffer).as(this::toString).isEqualTo(expected);

      float[] copy = new float[values.length];
      Arrays.fill(copy, UNTOUCHED);
      Tensor target = Tensor.view(copy, 4, shape());
      ChannelsLast.store(buffer, target, batch, channels, padded, sizes, before, after);
      assertThat(target.toFloatArray()).as(this::toString).isEqualTo(tensor.toFloatArray());
      assertThat(Arrays.copyOf(copy, 4)).containsOnly(UNTOUCHED);
      assertThat(Arrays.copyOfRange(copy, copy.length - 3, copy.length)).containsOnly(UNTOUCHED);

      runInRanges(tensor, expected);
    }

    private void runInRanges(Tensor tensor, float[] expected) {
      float[] buffer = new float[expected.length];
      Arrays.fill(buffer, UNTOUCHED);
      Tensor target = Tensor.zeros(DType.FLOAT32, shape());
      for (int n = batch - 1; n >= 0; n--) {
        ChannelsLast.load(tensor, buffer, n, n + 1, channels, padded, sizes, before, after);
        ChannelsLast.store(buffer, target, n, n + 1, channels, padded, sizes, before, after);
        for (int i = 0; i < n * places * padded; i++) {
          assertThat(buffer[i]).as(this::toString).isEqualTo(UNTOUCHED);
        }
        for (int i = 0; i < n * channels * plane; i++) {
          assertThat(target.floatArray()[i]).as(this::toString).isZero();
        }
      }
      assertThat(buffer).as(this::toString).isEqualTo(expected);
      assertThat(target.toFloatArray()).as(this::toString).isEqualTo(tensor.toFloatArray());
    }

    private int[] shape() {
      int[] shape = new int[2 + sizes.length];
      shape[0] = batch;
      shape[1] = channels;
      System.arraycopy(sizes, 0, shape, 2, sizes.length);
      return shape;
    }

    /** Where the buffer has an element of the tensor. */
    private int place(int index) {
      int position = index % plane;
      int channel = index / plane % channels;
      int sample = index / plane / channels;
      int[] at = new int[sizes.length];
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        at[axis] = position % sizes[axis];
        position /= sizes[axis];
      }
      int place = sample;
      for (int axis = 0; axis < sizes.length; axis++) {
        place = place * (before[axis] + sizes[axis] + after[axis]) + before[axis] + at[axis];
      }
      return place * padded + channel;
    }

    @Override
    public String toString() {
      return batch + " x " + channels + " (" + padded + ") x " + Arrays.toString(sizes);
    }
  }

  private static float[] numbers(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i + 1;
    }
    return values;
  }

  @Test
  void copiesAllocateNothing() {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, 2, 5, 6, 7);
    int[] sizes = {6, 7};
    int[] halo = {1, 1};
    float[] buffer = new float[2 * 8 * 9 * 8];
    Allocation.assertNone(
        () -> {
          ChannelsLast.load(tensor, buffer, 2, 5, 8, sizes, halo, halo);
          ChannelsLast.store(buffer, tensor, 2, 5, 8, sizes, halo, halo);
        });
  }
}
