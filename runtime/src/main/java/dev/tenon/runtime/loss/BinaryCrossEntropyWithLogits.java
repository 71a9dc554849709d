package dev.tenon.runtime.loss;

import dev.tenon.runtime.math.StableMath;

/**
 * Cross entropy of independent yes-or-no questions and their unnormalised scores (logits): a target
 * t in [0, 1] for each element x. With the probability {@code p = 1 / (1 + e^-x)} and the weight w
 * of a yes:
 *
 * <pre>
 *   loss  = -w t log p - (1 - t) log(1 - p)
 *   slope = (1 - t) p - w t (1 - p)               p - t for w = 1
 * </pre>
 *
 * <p>computed from x, so that it is exact where a probability has rounded to 0 or 1. The mean
 * divides by the number of all elements. An empty batch has mean NaN and sum 0. PyTorch's {@code
 * BCEWithLogitsLoss}.
 *
 * <p>Prediction and target must have equal shapes: there is no broadcasting.
 */
public final class BinaryCrossEntropyWithLogits extends ElementLoss {
  static final BinaryCrossEntropyWithLogits DEFAULT =
      new BinaryCrossEntropyWithLogits(1, Reduction.MEAN);

  private static final String NAME = "BinaryCrossEntropyWithLogits";

  private final double positiveWeight;

  private BinaryCrossEntropyWithLogits(double positiveWeight, Reduction reduction) {
    super(NAME, reduction);
    this.positiveWeight = positiveWeight;
  }

  /**
   * Weighs the positive answers, for data in which they are rare. PyTorch's {@code pos_weight}.
   *
   * @param weight finite, at least 0; 1 is the default
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public BinaryCrossEntropyWithLogits positiveWeight(double weight) {
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(
          NAME + ": positiveWeight must be finite and at least 0, but is " + weight + ".");
    }
    return new BinaryCrossEntropyWithLogits(weight, reduction());
  }

  /**
   * Chooses the reduction.
   *
   * @param newReduction mean is the default
   * @return a changed copy
   */
  public BinaryCrossEntropyWithLogits reduction(Reduction newReduction) {
    Checks.given(NAME, "newReduction", newReduction);
    return new BinaryCrossEntropyWithLogits(positiveWeight, newReduction);
  }

  @Override
  double loss(double x, double t) {
    // -log p; -log(1 - p) is x more.
    double yes = Math.max(-x, 0) + StrictMath.log1p(StableMath.exp(-Math.abs(x)));
    return (1 - t) * x + (1 + (positiveWeight - 1) * t) * yes;
  }

  @Override
  double slope(double x, double t) {
    double no = 1 / (1 + StableMath.exp(x));
    return (1 - t) - (1 + (positiveWeight - 1) * t) * no;
  }

  @Override
  String options() {
    return ", positiveWeight=" + positiveWeight;
  }
}
