package dev.tenon.runtime.loss;

/**
 * Squared error, {@code (x - t)^2}; its derivative by x is {@code 2 (x - t)}. The mean divides by
 * the number of all elements. An empty batch has mean NaN and sum 0. PyTorch's {@code MSELoss}.
 *
 * <p>Prediction and target must have equal shapes: there is no broadcasting.
 */
public final class MeanSquaredError extends ElementLoss {
  static final MeanSquaredError DEFAULT = new MeanSquaredError(Reduction.MEAN);

  private MeanSquaredError(Reduction reduction) {
    super("MeanSquaredError", reduction);
  }

  /**
   * Chooses the reduction.
   *
   * @param newReduction mean is the default
   * @return a changed copy
   */
  public MeanSquaredError reduction(Reduction newReduction) {
    Checks.given("MeanSquaredError", "newReduction", newReduction);
    return new MeanSquaredError(newReduction);
  }

  @Override
  double loss(double x, double t) {
    return (x - t) * (x - t);
  }

  @Override
  double slope(double x, double t) {
    return 2 * (x - t);
  }
}
