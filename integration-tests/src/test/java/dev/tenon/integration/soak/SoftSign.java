package dev.tenon.integration.soak;

/** A function of the user's, for {@code @Elementwise}. */
public final class SoftSign {
  private SoftSign() {}

  /** Between -1 and 1. */
  public static double of(double x) {
    return x / (1 + Math.abs(x));
  }

  /** The derivative. */
  public static double slope(double x) {
    double size = 1 + Math.abs(x);
    return 1 / (size * size);
  }
}
