package dev.tenon.runtime.internal.layout;

import java.util.Arrays;
import java.util.Objects;

/** Arithmetic and text of shapes, for the packages of this module. */
public final class Shapes {
  private Shapes() {}

  /**
   * The number of elements of a shape; 1 for rank 0.
   *
   * @param shape extents
   * @return their product
   * @throws IllegalArgumentException for a negative extent, or more elements than an array can hold
   */
  public static int size(int... shape) {
    Objects.requireNonNull(shape, "shape");
    boolean empty = false;
    for (int extent : shape) {
      if (extent < 0) {
        throw new IllegalArgumentException(
            "Shape " + text(shape) + ": no extent may be negative, but one is " + extent + ".");
      }
      empty |= extent == 0;
    }
    if (empty) {
      return 0;
    }
    long size = 1;
    for (int extent : shape) {
      size *= extent;
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "Shape "
                + text(shape)
                + " has more than "
                + Integer.MAX_VALUE
                + " elements, which is the most one array can hold.");
      }
    }
    return (int) size;
  }

  /**
   * {@code [2, 3, 4]}.
   *
   * @param shape extents
   * @return text for messages
   */
  public static String text(int... shape) {
    Objects.requireNonNull(shape, "shape");
    return Arrays.toString(shape);
  }

  /**
   * {@code [batch, 3, 4]}.
   *
   * @param perSample extents without the batch
   * @return text for messages
   */
  public static String batchText(int... perSample) {
    Objects.requireNonNull(perSample, "perSample");
    StringBuilder text = new StringBuilder("[batch");
    for (int extent : perSample) {
      text.append(", ").append(extent);
    }
    return text.append(']').toString();
  }

  /**
   * The per-sample shape with the batch in front.
   *
   * @param batch samples
   * @param perSample extents without the batch
   * @return a new array
   */
  public static int[] withBatch(int batch, int... perSample) {
    Objects.requireNonNull(perSample, "perSample");
    int[] shape = new int[perSample.length + 1];
    shape[0] = batch;
    System.arraycopy(perSample, 0, shape, 1, perSample.length);
    return shape;
  }
}
