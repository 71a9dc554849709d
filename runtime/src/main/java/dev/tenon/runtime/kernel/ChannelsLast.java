package dev.tenon.runtime.kernel;

import dev.tenon.runtime.Tensor;

/**
 * Copies between tensors, which are channels-first, and buffers in which the channels of a position
 * lie side by side, so that vector lanes run along channels.
 *
 * <p>A tensor is {@code [batch, channels, sizes...]} in row-major order, a buffer {@code [batch,
 * before + size + after for each size..., paddedChannels]}. What lies around the sizes (the halo)
 * and behind the channels (the padding) is never written: it is zero from the allocation of the
 * buffer, and kernels rely on that. Without sizes the tensor is {@code [batch, channels]}.
 *
 * <p>Each method also takes a range of samples, so that threads can share a batch. None allocates.
 * On one core of a Zen4 server, JDK 17, in both directions: 2.0 to 3.3 elements a nanosecond for
 * {@code [64, 16, 28, 28]}, 1.2 to 1.7 for {@code [32, 3, 32, 32]}.
 */
public final class ChannelsLast {
  /**
   * Positions that are copied for some channels before the next channels follow: what they touch
   * stays in the first cache, whatever the size of a plane.
   */
  private static final int POSITIONS = 64;

  private ChannelsLast() {}

  /**
   * Copies a batch to a buffer.
   *
   * @param tensor {@code [batch, channels, sizes...]}
   * @param buffer takes the values
   * @param batch number of samples
   * @param channels channels of the tensor
   * @param paddedChannels channels of the buffer, at least as many
   * @param sizes spatial sizes, none for features
   * @param before halo before each size
   * @param after halo after each size
   */
  public static void load(
      Tensor tensor,
      float[] buffer,
      int batch,
      int channels,
      int paddedChannels,
      int[] sizes,
      int[] before,
      int[] after) {
    load(tensor, buffer, 0, batch, channels, paddedChannels, sizes, before, after);
  }

  /**
   * Copies some samples to their places in a buffer.
   *
   * @param tensor {@code [batch, channels, sizes...]}
   * @param buffer takes the values
   * @param from first sample
   * @param to end of the samples
   * @param channels channels of the tensor
   * @param paddedChannels channels of the buffer, at least as many
   * @param sizes spatial sizes, none for features
   * @param before halo before each size
   * @param after halo after each size
   */
  public static void load(
      Tensor tensor,
      float[] buffer,
      int from,
      int to,
      int channels,
      int paddedChannels,
      int[] sizes,
      int[] before,
      int[] after) {
    float[] values = tensor.floatArray();
    int plane = product(sizes);
    int run = run(sizes, before, after);
    int sample = paddedChannels * padded(sizes, before, after);
    for (int n = from; n < to; n++) {
      int source = tensor.offset() + n * channels * plane;
      if (plane == 1) {
        // Also [batch, channels, 1, 1]: the channels lie side by side on either side.
        int target = n * sample + paddedChannels * position(0, sizes, before, after);
        System.arraycopy(values, source, buffer, target, channels);
        continue;
      }
      for (int first = 0; first < plane; first += run) {
        int target = n * sample + paddedChannels * position(first, sizes, before, after);
        if (paddedChannels == 1) {
          System.arraycopy(values, source + first, buffer, target, run);
        } else {
          loadRun(values, source + first, plane, buffer, target, channels, paddedChannels, run);
        }
      }
    }
  }

  /**
   * Copies a buffer to a batch.
   *
   * @param buffer has the values
   * @param tensor {@code [batch, channels, sizes...]}
   * @param batch number of samples
   * @param channels channels of the tensor
   * @param paddedChannels channels of the buffer, at least as many
   * @param sizes spatial sizes, none for features
   * @param before halo before each size
   * @param after halo after each size
   */
  public static void store(
      float[] buffer,
      Tensor tensor,
      int batch,
      int channels,
      int paddedChannels,
      int[] sizes,
      int[] before,
      int[] after) {
    store(buffer, tensor, 0, batch, channels, paddedChannels, sizes, before, after);
  }

  /**
   * Copies some samples from their places in a buffer.
   *
   * @param buffer has the values
   * @param tensor {@code [batch, channels, sizes...]}
   * @param from first sample
   * @param to end of the samples
   * @param channels channels of the tensor
   * @param paddedChannels channels of the buffer, at least as many
   * @param sizes spatial sizes, none for features
   * @param before halo before each size
   * @param after halo after each size
   */
  public static void store(
      float[] buffer,
      Tensor tensor,
      int from,
      int to,
      int channels,
      int paddedChannels,
      int[] sizes,
      int[] before,
      int[] after) {
    float[] values = tensor.floatArray();
    int plane = product(sizes);
    int run = run(sizes, before, after);
    int sample = paddedChannels * padded(sizes, before, after);
    for (int n = from; n < to; n++) {
      int target = tensor.offset() + n * channels * plane;
      if (plane == 1) {
        int source = n * sample + paddedChannels * position(0, sizes, before, after);
        System.arraycopy(buffer, source, values, target, channels);
        continue;
      }
      for (int first = 0; first < plane; first += run) {
        int source = n * sample + paddedChannels * position(first, sizes, before, after);
        if (paddedChannels == 1) {
          System.arraycopy(buffer, source, values, target + first, run);
        } else {
          storeRun(buffer, source, values, target + first, plane, channels, paddedChannels, run);
        }
      }
    }
  }

  private static int product(int[] sizes) {
    int product = 1;
    for (int size : sizes) {
      product *= size;
    }
    return product;
  }

  /** Positions of a sample in the buffer. */
  private static int padded(int[] sizes, int[] before, int[] after) {
    int product = 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      product *= before[axis] + sizes[axis] + after[axis];
    }
    return product;
  }

  /** How many positions lie one behind the other on both sides: a row, or rows without a halo. */
  private static int run(int[] sizes, int[] before, int[] after) {
    int run = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      run *= sizes[axis];
      if (before[axis] + after[axis] > 0) {
        return run;
      }
    }
    return run;
  }

  /** Position in the buffer's sample of a position in the plane. */
  private static int position(int index, int[] sizes, int[] before, int[] after) {
    int rest = index;
    int position = 0;
    int stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      position += stride * (before[axis] + rest % sizes[axis]);
      rest /= sizes[axis];
      stride *= before[axis] + sizes[axis] + after[axis];
    }
    return position;
  }

  /** In blocks of channels, so that each visit to a position of the buffer fills half a line. */
  private static void loadRun(
      float[] values,
      int source,
      int plane,
      float[] buffer,
      int target,
      int channels,
      int paddedChannels,
      int run) {
    for (int x = 0; x < run; x += POSITIONS) {
      int count = Math.min(POSITIONS, run - x);
      int from = source + x;
      int to = target + x * paddedChannels;
      int c = 0;
      for (; c <= channels - 8; c += 8) {
        load8(values, from + c * plane, plane, buffer, to + c, paddedChannels, count);
      }
      for (; c <= channels - 4; c += 4) {
        load4(values, from + c * plane, plane, buffer, to + c, paddedChannels, count);
      }
      for (; c < channels; c++) {
        load1(values, from + c * plane, buffer, to + c, paddedChannels, count);
      }
    }
  }

  private static void storeRun(
      float[] buffer,
      int source,
      float[] values,
      int target,
      int plane,
      int channels,
      int paddedChannels,
      int run) {
    for (int x = 0; x < run; x += POSITIONS) {
      int count = Math.min(POSITIONS, run - x);
      int from = source + x * paddedChannels;
      int to = target + x;
      int c = 0;
      for (; c <= channels - 8; c += 8) {
        store8(buffer, from + c, paddedChannels, values, to + c * plane, plane, count);
      }
      for (; c <= channels - 4; c += 4) {
        store4(buffer, from + c, paddedChannels, values, to + c * plane, plane, count);
      }
      for (; c < channels; c++) {
        store1(buffer, from + c, paddedChannels, values, to + c * plane, count);
      }
    }
  }

  // All loads before all stores: the compiler cannot know that the arrays are not the same.

  private static void load8(
      float[] values, int from, int plane, float[] buffer, int to, int stride, int count) {
    int s1 = from + plane;
    int s2 = s1 + plane;
    int s3 = s2 + plane;
    int s4 = s3 + plane;
    int s5 = s4 + plane;
    int s6 = s5 + plane;
    int s7 = s6 + plane;
    for (int x = 0, t = to; x < count; x++, t += stride) {
      float v0 = values[from + x];
      float v1 = values[s1 + x];
      float v2 = values[s2 + x];
      float v3 = values[s3 + x];
      float v4 = values[s4 + x];
      float v5 = values[s5 + x];
      float v6 = values[s6 + x];
      float v7 = values[s7 + x];
      buffer[t] = v0;
      buffer[t + 1] = v1;
      buffer[t + 2] = v2;
      buffer[t + 3] = v3;
      buffer[t + 4] = v4;
      buffer[t + 5] = v5;
      buffer[t + 6] = v6;
      buffer[t + 7] = v7;
    }
  }

  private static void load4(
      float[] values, int from, int plane, float[] buffer, int to, int stride, int count) {
    int s1 = from + plane;
    int s2 = s1 + plane;
    int s3 = s2 + plane;
    for (int x = 0, t = to; x < count; x++, t += stride) {
      float v0 = values[from + x];
      float v1 = values[s1 + x];
      float v2 = values[s2 + x];
      float v3 = values[s3 + x];
      buffer[t] = v0;
      buffer[t + 1] = v1;
      buffer[t + 2] = v2;
      buffer[t + 3] = v3;
    }
  }

  private static void load1(
      float[] values, int from, float[] buffer, int to, int stride, int count) {
    for (int x = 0, t = to; x < count; x++, t += stride) {
      buffer[t] = values[from + x];
    }
  }

  private static void store8(
      float[] buffer, int from, int stride, float[] values, int to, int plane, int count) {
    int t1 = to + plane;
    int t2 = t1 + plane;
    int t3 = t2 + plane;
    int t4 = t3 + plane;
    int t5 = t4 + plane;
    int t6 = t5 + plane;
    int t7 = t6 + plane;
    for (int x = 0, s = from; x < count; x++, s += stride) {
      float v0 = buffer[s];
      float v1 = buffer[s + 1];
      float v2 = buffer[s + 2];
      float v3 = buffer[s + 3];
      float v4 = buffer[s + 4];
      float v5 = buffer[s + 5];
      float v6 = buffer[s + 6];
      float v7 = buffer[s + 7];
      values[to + x] = v0;
      values[t1 + x] = v1;
      values[t2 + x] = v2;
      values[t3 + x] = v3;
      values[t4 + x] = v4;
      values[t5 + x] = v5;
      values[t6 + x] = v6;
      values[t7 + x] = v7;
    }
  }

  private static void store4(
      float[] buffer, int from, int stride, float[] values, int to, int plane, int count) {
    int t1 = to + plane;
    int t2 = t1 + plane;
    int t3 = t2 + plane;
    for (int x = 0, s = from; x < count; x++, s += stride) {
      float v0 = buffer[s];
      float v1 = buffer[s + 1];
      float v2 = buffer[s + 2];
      float v3 = buffer[s + 3];
      values[to + x] = v0;
      values[t1 + x] = v1;
      values[t2 + x] = v2;
      values[t3 + x] = v3;
    }
  }

  private static void store1(
      float[] buffer, int from, int stride, float[] values, int to, int count) {
    for (int x = 0, s = from; x < count; x++, s += stride) {
      values[to + x] = buffer[s];
    }
  }
}
