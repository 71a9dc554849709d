package dev.tenon.runtime.loss;

/**
 * Absolute error, {@code |x - t|}; its derivative by x is the sign of {@code x - t}, 0 at 0. The
 * mean divides by the number of all elements. An empty batch has mean NaN and sum 0. PyTorch's
 * {@code L1Loss}.
 *
 * <p>Prediction and target must have equal shapes: there is no broadcasting.
 */
public final class L1 extends ElementLoss {
  static final L1 DEFAULT = new L1(Reduction.MEAN);

  private L1(Reduction reduction) {
    super("L1", reduction);
  }

  /**
   * Chooses the reduction.
   *
   * @param newReduction mean is the default
   * @return a changed copy
   */
  public L1 reduction(Reduction newReduction) {
    Checks.given("L1", "newReduction", newReduction);
    return new L1(newReduction);
  }

  @Override
  double loss(double x, double t) {
    return Math.abs(x - t);
  }

  @Override
  double slope(double x, double t) {
    return Math.signum(x - t);
  }
}
