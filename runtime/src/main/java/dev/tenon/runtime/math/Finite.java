package dev.tenon.runtime.math;

import java.util.Objects;

/**
 * Whether numbers are finite, many at a time. 0 times a finite number is 0, anything else NaN,
 * which stays in a product; eight products, because one waits for the one before it.
 */
public final class Finite {
  private Finite() {}

  /** Looks at floats: in a scalar loop, as {@link #all(float[], int, int)} does, or in vectors. */
  @FunctionalInterface
  public interface Floats {
    /**
     * Whether numbers are finite.
     *
     * @param values read
     * @param from the first place
     * @param to the place after the last
     * @return false if one is infinite or NaN
     */
    boolean areFinite(float[] values, int from, int to);
  }

  /**
   * Whether floats are finite. Allocates nothing.
   *
   * @param values read
   * @param from the first place
   * @param to the place after the last
   * @return false if one is infinite or NaN
   */
  public static boolean all(float[] values, int from, int to) {
    Objects.requireNonNull(values, "values");
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    int i = from;
    for (; i < to - 7; i += 8) {
      a *= values[i];
      b *= values[i + 1];
      c *= values[i + 2];
      d *= values[i + 3];
      e *= values[i + 4];
      f *= values[i + 5];
      g *= values[i + 6];
      h *= values[i + 7];
    }
    for (; i < to; i++) {
      a *= values[i];
    }
    return a + b + c + d + e + f + g + h == 0;
  }

  /**
   * Whether doubles are finite. Allocates nothing.
   *
   * @param values read
   * @param from the first place
   * @param to the place after the last
   * @return false if one is infinite or NaN
   */
  public static boolean all(double[] values, int from, int to) {
    Objects.requireNonNull(values, "values");
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    double e = 0;
    double f = 0;
    double g = 0;
    double h = 0;
    int i = from;
    for (; i < to - 7; i += 8) {
      a *= values[i];
      b *= values[i + 1];
      c *= values[i + 2];
      d *= values[i + 3];
      e *= values[i + 4];
      f *= values[i + 5];
      g *= values[i + 6];
      h *= values[i + 7];
    }
    for (; i < to; i++) {
      a *= values[i];
    }
    return a + b + c + d + e + f + g + h == 0;
  }
}
