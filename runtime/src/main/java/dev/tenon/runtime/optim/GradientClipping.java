package dev.tenon.runtime.optim;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.state.State;
import java.util.Objects;

/**
 * Makes gradients smaller between backward and the optimiser's step. Frozen parameters take no
 * part. PyTorch's {@code clip_grad_norm_} and {@code clip_grad_value_}.
 */
public final class GradientClipping {
  /** Keeps the quotient from passing 1 by rounding, as PyTorch's does. */
  private static final double EPS = 1e-6;

  private GradientClipping() {}

  /**
   * Scales all gradients together so that their Euclidean norm is at most {@code max}: multiplies
   * them by {@code min(1, max / (norm + 1e-6))}.
   *
   * @param state whose gradients to scale
   * @param max finite and positive
   * @return the norm before
   * @throws IllegalArgumentException if max is not positive or not finite
   * @throws IllegalStateException if the norm is infinite or NaN; nothing is changed then
   */
  public static double byNorm(State state, double max) {
    return byNorm(state, max, 2);
  }

  /**
   * The same for another norm: {@code (sum |g|^p)^(1/p)}, the largest {@code |g|} for an infinite
   * p.
   *
   * @param state whose gradients to scale
   * @param max finite and positive
   * @param p positive, perhaps infinite
   * @return the norm before
   * @throws IllegalArgumentException if max or p is not positive, or max not finite
   * @throws IllegalStateException if the norm is infinite or NaN; nothing is changed then
   */
  public static double byNorm(State state, double max, double p) {
    Objects.requireNonNull(state, "state");
    requirePositive("max", max);
    if (!(p > 0)) {
      throw new IllegalArgumentException("GradientClipping: p must be positive, but is " + p + ".");
    }
    double norm = norm(state, p);
    if (!Double.isFinite(norm)) {
      throw new IllegalStateException(
          "GradientClipping: the norm of the gradients is "
              + norm
              + ". Look for a NaN or an infinity in the loss, the input or the parameters.");
    }
    double factor = max / (norm + EPS);
    if (factor < 1) {
      scale(state, factor);
    }
    return norm;
  }

  /**
   * Puts each element of all gradients between {@code -most} and {@code most}. A NaN stays.
   *
   * @param state whose gradients to clamp
   * @param most finite and positive
   * @throws IllegalArgumentException if most is not positive or not finite
   */
  public static void byValue(State state, double most) {
    Objects.requireNonNull(state, "state");
    requirePositive("most", most);
    int[] ranges = state.arrays().trainableRanges();
    for (int r = 0; r < ranges.length; r += 2) {
      if (state.dtype() == DType.FLOAT32) {
        float[] g = state.arrays().floatGradients();
        float limit = (float) most;
        for (int i = ranges[r]; i < ranges[r + 1]; i++) {
          g[i] = Math.max(-limit, Math.min(limit, g[i]));
        }
      } else {
        double[] g = state.arrays().doubleGradients();
        for (int i = ranges[r]; i < ranges[r + 1]; i++) {
          g[i] = Math.max(-most, Math.min(most, g[i]));
        }
      }
    }
  }

  /**
   * The Euclidean norm of all gradients together.
   *
   * @param state whose gradients to measure
   * @return {@code sqrt(sum g^2)}, summed in float64 in the order of the parameters; infinite or
   *     NaN only if a gradient is
   */
  public static double norm(State state) {
    return norm(Objects.requireNonNull(state, "state"), 2);
  }

  /** The padding of packed parameters is 0. */
  private static double norm(State state, double p) {
    double norm = norm(state, p, 1);
    boolean summed = p != Double.POSITIVE_INFINITY;
    if (summed && (Double.isInfinite(norm) || norm < Double.MIN_NORMAL)) {
      // Powers may have overflown, or come to nothing, where the gradients themselves have not.
      double largest = norm(state, Double.POSITIVE_INFINITY, 1);
      if (largest > 0 && largest < Double.POSITIVE_INFINITY) {
        norm = largest * norm(state, p, largest);
      }
    }
    return norm;
  }

  /** The norm of the gradients divided by a scale. */
  private static double norm(State state, double p, double scale) {
    int[] ranges = state.arrays().trainableRanges();
    float[] floats = state.dtype() == DType.FLOAT32 ? state.arrays().floatGradients() : null;
    double[] doubles = floats == null ? state.arrays().doubleGradients() : null;
    double total = 0;
    for (int r = 0; r < ranges.length; r += 2) {
      for (int i = ranges[r]; i < ranges[r + 1]; i++) {
        double size = Math.abs(floats == null ? doubles[i] : floats[i]) / scale;
        if (p == 2) {
          total += size * size;
        } else if (Double.isInfinite(p)) {
          total = Math.max(total, size);
        } else {
          total += StrictMath.pow(size, p);
        }
      }
    }
    return p == 2 ? Math.sqrt(total) : Double.isInfinite(p) ? total : StrictMath.pow(total, 1 / p);
  }

  private static void scale(State state, double factor) {
    int[] ranges = state.arrays().trainableRanges();
    for (int r = 0; r < ranges.length; r += 2) {
      if (state.dtype() == DType.FLOAT32) {
        float[] g = state.arrays().floatGradients();
        for (int i = ranges[r]; i < ranges[r + 1]; i++) {
          g[i] = (float) (g[i] * factor);
        }
      } else {
        double[] g = state.arrays().doubleGradients();
        for (int i = ranges[r]; i < ranges[r + 1]; i++) {
          g[i] *= factor;
        }
      }
    }
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "GradientClipping: " + what + " must be positive and finite, but is " + value + ".");
    }
  }
}
