package dev.tenon.runtime.init;

/**
 * The factor by which an activation asks its weights to be larger, so that signals keep their
 * variance (the table of {@code torch.nn.init.calculate_gain}).
 */
public final class Gain {
  /** No activation, and convolutions: 1. */
  public static final double LINEAR = 1;

  /** Sigmoid: 1. */
  public static final double SIGMOID = 1;

  /** Hyperbolic tangent: 5/3. */
  public static final double TANH = 5.0 / 3.0;

  /** ReLU: the square root of 2. */
  public static final double RELU = Math.sqrt(2);

  /** SELU: 3/4. */
  public static final double SELU = 0.75;

  private Gain() {}

  /**
   * Leaky ReLU.
   *
   * @param slope the slope for negative inputs; 0.01 is usual
   * @return {@code sqrt(2 / (1 + slope^2))}
   */
  public static double leakyRelu(double slope) {
    return Math.sqrt(2 / (1 + slope * slope));
  }
}
