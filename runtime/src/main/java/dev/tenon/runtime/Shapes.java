package dev.tenon.runtime;

import java.util.Arrays;

/** Arithmetic and text of shapes, shared by the types of this package. */
final class Shapes {
  private Shapes() {}

  /**
   * The number of elements of a shape; 1 for rank 0.
   *
   * @throws IllegalArgumentException for a negative extent, or more elements than an array can hold
   */
  static int size(int... shape) {
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

  /** {@code [2, 3, 4]}. */
  static String text(int... shape) {
    return Arrays.toString(shape);
  }

  /** {@code [batch, 3, 4]}. */
  static String batchText(int... perSample) {
    StringBuilder text = new StringBuilder("[batch");
    for (int extent : perSample) {
      text.append(", ").append(extent);
    }
    return text.append(']').toString();
  }

  /** The per-sample shape with the batch in front. */
  static int[] withBatch(int batch, int... perSample) {
    int[] shape = new int[perSample.length + 1];
    shape[0] = batch;
    System.arraycopy(perSample, 0, shape, 1, perSample.length);
    return shape;
  }
}
