package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.internal.call.BatchTensors;
import java.util.Arrays;

/** Copies samples of a tensor, in any order, into tensors that it reuses. */
final class Gatherer {
  private final Tensor source;
  private final BatchTensors batches;
  private final int sampleSize;

  Gatherer(Tensor source) {
    this.source = source;
    int[] shape = source.shape();
    int[] sampleShape = Arrays.copyOfRange(shape, 1, shape.length);
    batches = new BatchTensors(source.dtype(), sampleShape);
    int size = 1;
    for (int extent : sampleShape) {
      size *= extent;
    }
    sampleSize = size;
  }

  Tensor gather(int[] order, int from, int to) {
    Tensor batch = batches.get(to - from);
    int at = batch.offset();
    for (int i = from; i < to; i++) {
      int first = source.offset() + order[i] * sampleSize;
      System.arraycopy(array(source), first, array(batch), at, sampleSize);
      at += sampleSize;
    }
    return batch;
  }

  /** A {@code float[]}, {@code double[]}, {@code int[]} or {@code long[]}. */
  private static Object array(Tensor tensor) {
    return switch (tensor.dtype()) {
      case FLOAT32 -> tensor.floatArray();
      case FLOAT64 -> tensor.doubleArray();
      case INT32 -> tensor.intArray();
      case INT64 -> tensor.longArray();
    };
  }
}
