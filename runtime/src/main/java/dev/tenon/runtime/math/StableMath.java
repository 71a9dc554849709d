package dev.tenon.runtime.math;

/**
 * Exponentials, powers and cosines of doubles for the training loop: the same bits on every
 * machine, without allocation. {@link Math} leaves their last bit to the platform. Of {@link
 * StrictMath}'s, {@code exp} takes four times as long, and {@code pow} (JDK 17 and 25) and {@code
 * cos} (JDK 25) allocate about 100 bytes a call.
 */
public final class StableMath {
  /** Veltkamp's constant: splits a double into two halves of 26 bits each. */
  private static final double SPLIT = 0x1p27 + 1;

  /** Beyond this, splitting a factor would overflow; a rounding error no longer matters there. */
  private static final double LARGE = 0x1p990;

  // Adding and subtracting it rounds a double of less than 2^51 to a whole number.
  private static final double ROUND = 0x1.8p52;
  private static final double LOG2_E = 0x1.71547652b82fep0;

  // ln 2 in two parts, of which the first has so few bits that its small multiples are exact.
  private static final double LN2_HIGH = 0x1.62e42feep-1;
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  private StableMath() {}

  /**
   * {@code e} to the power of {@code x}, within 1 unit in the last place, or 2 where the result is
   * smaller than the smallest normal number. NaN for NaN.
   *
   * <p>With {@code x = k ln 2 + r} and k whole it is {@code 2^k e^r}, and {@code |r| <= ln 2 / 2}:
   * Taylor's series, whose first missing term is below 5e-18 there, in pairs of terms so that few
   * wait for each other.
   *
   * @param x any number
   * @return the power
   */
  public static double exp(double x) {
    if (x > 710) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < -746) {
      return 0;
    }
    double whole = (x * LOG2_E + ROUND) - ROUND;
    double r = (x - whole * LN2_HIGH) - whole * LN2_LOW;
    double r2 = r * r;
    double r4 = r2 * r2;
    double a = 1.0 / 2 + r * (1.0 / 6);
    double b = 1.0 / 24 + r * (1.0 / 120);
    double c = 1.0 / 720 + r * (1.0 / 5040);
    double d = 1.0 / 40320 + r * (1.0 / 362880);
    double e = 1.0 / 3628800 + r * (1.0 / 39916800);
    double f = 1.0 / 479001600 + r * (1.0 / 6227020800.0);
    double p = (a + r2 * b) + r4 * ((c + r2 * d) + r4 * (e + r2 * f));
    // In two factors, so that what is smaller than the smallest normal number rounds once more
    // rather than becoming 0, and 2^1024 does not overflow.
    int k = (int) whole;
    int half = k >> 1;
    return (1 + (r + r2 * p)) * powerOfTwo(half) * powerOfTwo(k - half);
  }

  private static double powerOfTwo(int k) {
    return Double.longBitsToDouble((k + 1023L) << 52);
  }

  /**
   * {@code base^n}, within 1 unit in the last place where neither result nor rounding error
   * underflows. Squares and multiplies in pairs of doubles, whose sum has twice the digits.
   *
   * @param base any number
   * @param n at least 0
   * @return the power; 1 for {@code n = 0}
   * @throws IllegalArgumentException if n is negative
   */
  public static double power(double base, long n) {
    if (n < 0) {
      throw new IllegalArgumentException("power: n must be at least 0, but is " + n + ".");
    }
    double high = 1;
    double low = 0;
    double squareHigh = base;
    double squareLow = 0;
    for (long rest = n; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        double product = high * squareHigh;
        double error = errorOfProduct(high, squareHigh, product, low, squareLow);
        high = product + error;
        low = Double.isInfinite(high) ? 0 : error - (high - product);
      }
      double square = squareHigh * squareHigh;
      double error = errorOfProduct(squareHigh, squareHigh, square, squareLow, squareLow);
      squareHigh = square + error;
      squareLow = Double.isInfinite(squareHigh) ? 0 : error - (squareHigh - square);
    }
    return high;
  }

  /** What the rounded product of two pairs lacks (Dekker, 1971). */
  private static double errorOfProduct(
      double a, double b, double product, double lowA, double lowB) {
    if (!(Math.abs(a) < LARGE && Math.abs(b) < LARGE && Math.abs(product) < LARGE)) {
      return 0;
    }
    double a1 = SPLIT * a;
    double aHigh = a1 - (a1 - a);
    double aLow = a - aHigh;
    double b1 = SPLIT * b;
    double bHigh = b1 - (b1 - b);
    double bLow = b - bHigh;
    double error = ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
    return error + (a * lowB + lowA * b);
  }

  /**
   * {@code base^exponent} for a base that is not negative. Whole exponents as {@link #power(double,
   * long)}; others by {@code e^(exponent log base)}, whose relative error grows with {@code
   * |exponent log base|}, to 1e-14 at 50.
   *
   * @param base at least 0
   * @param exponent finite
   * @return the power; 1 for an exponent of 0
   * @throws IllegalArgumentException if the base is negative
   */
  public static double power(double base, double exponent) {
    if (base < 0) {
      throw new IllegalArgumentException(
          "power: the base must be at least 0, but is " + base + ".");
    }
    if (exponent >= 0 && exponent == Math.rint(exponent) && exponent < 0x1p53) {
      return power(base, (long) exponent);
    }
    return StrictMath.exp(exponent * StrictMath.log(base));
  }

  /**
   * The cosine of {@code pi x}, within 1 unit in the last place, and exact where x is a multiple of
   * a half.
   *
   * @param x any number
   * @return in [-1, 1]; NaN unless x is finite
   */
  public static double cosPi(double x) {
    double share = Math.abs(x) % 2;
    if (share > 1) {
      share = 2 - share;
    }
    return share <= 0.5 ? upToHalf(share) : -upToHalf(1 - share);
  }

  private static double upToHalf(double x) {
    return x <= 0.25 ? cos(Math.PI * x) : sin(Math.PI * (0.5 - x));
  }

  /** Taylor's series: for x up to pi / 4 its first missing term is below 2e-17. */
  private static double cos(double x) {
    double z = x * x;
    double p = 1.0 / 20922789888000.0;
    p = p * z - 1.0 / 87178291200.0;
    p = p * z + 1.0 / 479001600.0;
    p = p * z - 1.0 / 3628800.0;
    p = p * z + 1.0 / 40320.0;
    p = p * z - 1.0 / 720.0;
    p = p * z + 1.0 / 24.0;
    double half = 0.5 * z;
    double rest = 1 - half;
    // What 1 - half has lost is exact, as 1 is the larger.
    return rest + ((1 - rest) - half + p * z * z);
  }

  /** As {@link #cos}. */
  private static double sin(double x) {
    double z = x * x;
    double p = 1.0 / 355687428096000.0;
    p = p * z - 1.0 / 1307674368000.0;
    p = p * z + 1.0 / 6227020800.0;
    p = p * z - 1.0 / 39916800.0;
    p = p * z + 1.0 / 362880.0;
    p = p * z - 1.0 / 5040.0;
    p = p * z + 1.0 / 120.0;
    p = p * z - 1.0 / 6.0;
    return p * z * x + x;
  }
}
