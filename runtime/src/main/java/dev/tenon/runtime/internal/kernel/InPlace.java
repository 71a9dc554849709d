package dev.tenon.runtime.internal.kernel;

import dev.tenon.runtime.Tensor;
import java.util.Objects;

/** Tensors that lie as the kernels want them, so that they can be worked on where they are. */
public final class InPlace {
  private InPlace() {}

  /**
   * The values of a tensor as an array that begins with the first of them.
   *
   * @param tensor of floats, not packed
   * @param sample values of one sample, which the array has at least even if the tensor is empty
   * @return the tensor's own array, or a copy where the values begin further on in it
   */
  public static float[] values(Tensor tensor, int sample) {
    Objects.requireNonNull(tensor, "tensor");
    if (tensor.offset() == 0 && tensor.size() >= sample) {
      return tensor.floatArray();
    }
    float[] copy = new float[Math.max(tensor.size(), sample)];
    System.arraycopy(tensor.floatArray(), tensor.offset(), copy, 0, tensor.size());
    return copy;
  }

  /**
   * As {@link #values}, of indices.
   *
   * @param tensor of ints
   * @param sample values of one sample, which the array has at least even if the tensor is empty
   * @return the tensor's own array, or a copy where the values begin further on in it
   */
  public static int[] indices(Tensor tensor, int sample) {
    Objects.requireNonNull(tensor, "tensor");
    if (tensor.offset() == 0 && tensor.size() >= sample) {
      return tensor.intArray();
    }
    int[] copy = new int[Math.max(tensor.size(), sample)];
    System.arraycopy(tensor.intArray(), tensor.offset(), copy, 0, tensor.size());
    return copy;
  }
}
