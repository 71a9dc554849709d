package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.math.StableMath;

/**
 * Access to class scores {@code [batch, classes, positions...]} that both cross entropies share:
 * reads widen to float64, so the maths is written once for both element types.
 *
 * <p>A class axis at {@code first} has its elements {@code stride} apart.
 */
final class Logits {
  private Logits() {}

  /** The value at a position of the backing array; one of the arrays is null. */
  static double at(float[] floats, double[] doubles, int index) {
    return floats != null ? floats[index] : doubles[index];
  }

  static float[] floats(Tensor tensor) {
    return Checks.isFloat(tensor) ? tensor.floatArray() : null;
  }

  static double[] doubles(Tensor tensor) {
    return Checks.isFloat(tensor) ? null : tensor.doubleArray();
  }

  static void put(float[] floats, double[] doubles, int index, double value) {
    if (floats != null) {
      floats[index] = (float) value;
    } else {
      doubles[index] = value;
    }
  }

  /** The largest score of a position; NaN if any is. */
  static double max(float[] floats, double[] doubles, int first, int stride, int classes) {
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      max = Math.max(max, at(floats, doubles, first + k * stride));
    }
    return max;
  }

  /**
   * {@code log sum exp(x - max)}, so that the log probability of a score is {@code (x - max) -}
   * this and nothing overflows. NaN if any score is NaN, if all are -infinity, or if one is
   * +infinity, as in PyTorch.
   */
  static double logSum(
      float[] floats, double[] doubles, int first, int stride, int classes, double max) {
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += StableMath.exp(at(floats, doubles, first + k * stride) - max);
    }
    return StrictMath.log(sum);
  }
}
