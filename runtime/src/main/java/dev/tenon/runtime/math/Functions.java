package dev.tenon.runtime.math;

/**
 * {@code exp}, {@code tanh}, {@code erf} and {@code log}, of which the JDK lacks the floats and the
 * third.
 *
 * <p>Those of floats are polynomials of floats: several times faster than the JDK's of doubles, the
 * same bits on every machine, and at most 2 units in the last place off. Vector kernels compute the
 * same polynomials, with products and sums rounded once instead of twice.
 *
 * <p>The polynomials are near-minimax (Chebyshev) approximations that were made for this class, see
 * {@code functions.py} beside its test.
 */
public final class Functions {
  // Adding and subtracting it rounds a float of less than 2^22 to a whole number.
  private static final float ROUND = 0x1.8p23f;
  private static final float LOG2_E = 1.442695f;

  // ln 2 in two parts, of which the first has so few bits that its small multiples are exact.
  private static final float LN2_HIGH = 0x1.63p-1f;
  private static final float LN2_LOW = -2.1219444e-4f;

  // Beyond these e^x is infinite, or 0.
  private static final float EXP_LEAST = -104f;
  private static final float EXP_MOST = 89f;

  private static final float TANH_SMALL = 0.625f;
  private static final float ERF_SMALL = 0.95f;

  /** Where {@code erf} of a float is 1. */
  private static final float ERF_ONE = 4f;

  private static final double[] ERF = {
    0.1283791670955126,
    -0.37612638903183754,
    0.1128379167095512,
    -0.02686617064512984,
    0.0052239776254232985,
    -0.000854832702193483,
    0.00012055332902888736,
    -1.4925647567519332e-05,
    1.6462045441468418e-06,
    -1.6364642158167616e-07,
    1.4792401209404813e-08,
    -1.216456005728345e-09,
    8.709045129053106e-11,
    -4.230945824295338e-12
  };

  private static final double[] ERFCX = {
    0.17900115118138996,
    -0.3262335600430372,
    0.24560380171233487,
    -0.15011593650077898,
    0.07166583719747308,
    -0.024392499318915004,
    0.004269136356961225,
    0.0007077464666941425,
    -0.0005970624964924544,
    4.525434558991009e-05,
    6.406279226046039e-05,
    -1.2845780030775907e-05,
    -8.00978093907608e-06,
    2.0135111426447427e-06,
    1.2755818949624478e-06,
    3.381355142042904e-09
  };

  private Functions() {}

  /**
   * {@code e} to the power of {@code x}, within 2 units in the last place. NaN for NaN.
   *
   * <p>With {@code x = k ln 2 + r} and k whole it is {@code 2^k e^r}, and {@code |r| <= ln 2 / 2}.
   *
   * @param x any number
   * @return the power
   */
  public static float exp(float x) {
    float bounded = x > EXP_MOST ? EXP_MOST : x < EXP_LEAST ? EXP_LEAST : x;
    float whole = (bounded * LOG2_E + ROUND) - ROUND;
    float r = (bounded - whole * LN2_HIGH) - whole * LN2_LOW;
    float p = 0.0013926376f;
    p = p * r + 0.0083633335f;
    p = p * r + 0.041666552f;
    p = p * r + 0.16666576f;
    p = p * r + 0.5f;
    // In two factors, so that what is smaller than the smallest normal number rounds once more
    // rather than becoming 0.
    int k = (int) whole;
    int half = k >> 1;
    return ((p * (r * r) + r) + 1) * powerOfTwo(half) * powerOfTwo(k - half);
  }

  private static float powerOfTwo(int k) {
    return Float.intBitsToFloat((k + 127) << 23);
  }

  /**
   * {@code e} to the power of {@code x}: {@link StrictMath#exp}.
   *
   * @param x any number
   * @return the power
   */
  public static double exp(double x) {
    return StrictMath.exp(x);
  }

  /**
   * The hyperbolic tangent, within 2 units in the last place. NaN for NaN.
   *
   * <p>A polynomial near 0, and {@code 1 - 2 / (e^2x + 1)} elsewhere.
   *
   * @param x any number
   * @return its tangent, in [-1, 1]
   */
  public static float tanh(float x) {
    float size = Math.abs(x);
    if (size < TANH_SMALL) {
      float z = x * x;
      float p = -0.006096714f;
      p = p * z + 0.02099718f;
      p = p * z - 0.053850908f;
      p = p * z + 0.1333277f;
      p = p * z - 0.33333328f;
      return (p * z) * x + x;
    }
    return Math.copySign(1 - 2 / (exp(2 * size) + 1), x);
  }

  /**
   * The hyperbolic tangent: {@link StrictMath#tanh}.
   *
   * @param x any number
   * @return its tangent, in [-1, 1]
   */
  public static double tanh(double x) {
    return StrictMath.tanh(x);
  }

  /**
   * The error function, {@code 2 / sqrt(pi)} times the integral of {@code e^(-t t)} from 0 to
   * {@code x}, within 2 units in the last place. NaN for NaN.
   *
   * <p>A polynomial near 0, and 1 less e to the power of another elsewhere.
   *
   * @param x any number
   * @return its error function, in [-1, 1]
   */
  public static float erf(float x) {
    float size = Math.abs(x);
    if (size < ERF_SMALL) {
      float z = x * x;
      float p = 8.20417e-05f;
      p = p * z - 0.00081029156f;
      p = p * z + 0.0051974873f;
      p = p * z - 0.02685796f;
      p = p * z + 0.112836696f;
      p = p * z - 0.37612632f;
      p = p * z + 0.12837917f;
      return p * x + x;
    }
    float a = size > ERF_ONE ? ERF_ONE : size;
    float q = 1.6430637e-06f;
    q = q * a - 4.616386e-05f;
    q = q * a + 0.00059758575f;
    q = q * a - 0.004762626f;
    q = q * a + 0.026427638f;
    q = q * a - 0.110087164f;
    q = q * a - 0.6318239f;
    q = q * a - 1.130231f;
    q = q * a + 0.00031853965f;
    return Math.copySign(1 - exp(q), x);
  }

  /**
   * The error function within 1e-15. NaN for NaN.
   *
   * <p>A polynomial below 1; from there {@code 1 - e^(-x x) r}, where r is a polynomial in {@code
   * (x - 3) / (x + 3)}.
   *
   * @param x any number
   * @return its error function, in [-1, 1]
   */
  public static double erf(double x) {
    double size = Math.abs(x);
    if (size < 1) {
      return polynomial(ERF, x * x) * x + x;
    }
    if (size > 6) {
      return Math.copySign(1, x);
    }
    double tail = StrictMath.exp(-size * size) * polynomial(ERFCX, (size - 3) / (size + 3));
    return Math.copySign(1 - tail, x);
  }

  private static double polynomial(double[] coefficients, double x) {
    double value = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      value = value * x + coefficients[i];
    }
    return value;
  }

  /**
   * The natural logarithm: {@link StrictMath#log}, rounded.
   *
   * @param x any number
   * @return its logarithm; NaN below 0
   */
  public static float log(float x) {
    return (float) StrictMath.log(x);
  }

  /**
   * The natural logarithm: {@link StrictMath#log}.
   *
   * @param x any number
   * @return its logarithm; NaN below 0
   */
  public static double log(double x) {
    return StrictMath.log(x);
  }
}
