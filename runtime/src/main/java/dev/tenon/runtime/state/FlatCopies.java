package dev.tenon.runtime.state;

import dev.tenon.runtime.Tensor;
import java.util.List;

/** Tensors one after the other in a flat array, each row-major, wherever their elements lie. */
final class FlatCopies {
  private FlatCopies() {}

  private static int sizeOf(List<Tensor> tensors) {
    return tensors.stream().mapToInt(Tensor::size).sum();
  }

  /** A new array of their elements. */
  static float[] floats(List<Tensor> tensors) {
    float[] all = new float[sizeOf(tensors)];
    int at = 0;
    for (Tensor tensor : tensors) {
      Tensor.view(all, at, tensor.shape()).copyFrom(tensor);
      at += tensor.size();
    }
    return all;
  }

  /** A new array of their elements. */
  static double[] doubles(List<Tensor> tensors) {
    double[] all = new double[sizeOf(tensors)];
    int at = 0;
    for (Tensor tensor : tensors) {
      Tensor.view(all, at, tensor.shape()).copyFrom(tensor);
      at += tensor.size();
    }
    return all;
  }

  /**
   * Sets their elements.
   *
   * @param what the tensors are, for messages
   * @throws IllegalArgumentException if there are too few or too many values; nothing is changed
   */
  static void set(String what, List<Tensor> tensors, float[] values) {
    requireCount(what, tensors, values.length);
    int at = 0;
    for (Tensor tensor : tensors) {
      tensor.copyFrom(Tensor.view(values, at, tensor.shape()));
      at += tensor.size();
    }
  }

  /**
   * Sets their elements.
   *
   * @param what the tensors are, for messages
   * @throws IllegalArgumentException if there are too few or too many values; nothing is changed
   */
  static void set(String what, List<Tensor> tensors, double[] values) {
    requireCount(what, tensors, values.length);
    int at = 0;
    for (Tensor tensor : tensors) {
      tensor.copyFrom(Tensor.view(values, at, tensor.shape()));
      at += tensor.size();
    }
  }

  private static void requireCount(String what, List<Tensor> tensors, int given) {
    int wanted = sizeOf(tensors);
    if (given != wanted) {
      throw new IllegalArgumentException(
          "State: there are " + wanted + " " + what + ", but " + given + " values were given.");
    }
  }
}
