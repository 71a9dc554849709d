package dev.tenon.runtime.loss;

/**
 * Squared near the target and linear beyond (P. Huber, <i>Robust Estimation of a Location
 * Parameter</i>, 1964). With {@code d = x - t}:
 *
 * <pre>
 *   huber     d^2 / 2 for |d| at most delta, else delta (|d| - delta / 2)
 *   smooth L1 the same divided by its delta, there called beta: d^2 / (2 beta), else |d| - beta / 2
 * </pre>
 *
 * <p>The mean divides by the number of all elements. An empty batch has mean NaN and sum 0.
 * PyTorch's {@code HuberLoss} and {@code SmoothL1Loss}.
 *
 * <p>Prediction and target must have equal shapes: there is no broadcasting.
 */
public final class Huber extends ElementLoss {
  private static final String HUBER = "Huber";

  private final String name;
  private final double delta;

  /** What the whole is multiplied with. */
  private final double scale;

  private Huber(String name, double delta, double scale, Reduction reduction) {
    super(name, reduction);
    this.name = name;
    this.delta = delta;
    this.scale = scale;
  }

  static Huber huber(double delta) {
    return new Huber(HUBER, positive(HUBER, "delta", delta), 1, Reduction.MEAN);
  }

  static Huber smoothL1(double beta) {
    double checked = positive("SmoothL1", "beta", beta);
    return new Huber("SmoothL1", checked, 1 / checked, Reduction.MEAN);
  }

  private static double positive(String loss, String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          loss + ": " + option + " must be positive and finite, but is " + value + ".");
    }
    return value;
  }

  /**
   * Chooses the reduction.
   *
   * @param newReduction mean is the default
   * @return a changed copy
   */
  public Huber reduction(Reduction newReduction) {
    Checks.given(name, "newReduction", newReduction);
    return new Huber(name, delta, scale, newReduction);
  }

  @Override
  double loss(double x, double t) {
    double size = Math.abs(x - t);
    return scale * (size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta));
  }

  @Override
  double slope(double x, double t) {
    return scale * Math.max(-delta, Math.min(delta, x - t));
  }

  @Override
  String options() {
    return (name.equals(HUBER) ? ", delta=" : ", beta=") + delta;
  }
}
