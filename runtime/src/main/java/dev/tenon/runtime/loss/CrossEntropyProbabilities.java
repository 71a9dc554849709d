package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.math.StableMath;

/**
 * Cross entropy of unnormalised class scores (logits) and class probabilities, for soft labels.
 *
 * <p>Predictions and targets are {@code [batch, classes]} or {@code [batch, classes, ...]} with the
 * classes on axis 1. With log probabilities lp, K classes, class weights w (default 1) and
 * smoothing e (default 0):
 *
 * <pre>
 *   p'     = (1 - e) p + e/K
 *   loss_i = sum_k -w[k] p'_i[k] lp_i[k]
 *   mean   = sum_i loss_i / (batch * positions)       not divided by the weights
 *   sum    = sum_i loss_i
 * </pre>
 *
 * <p>The targets of a position need not add up to 1. An empty batch has mean NaN and sum 0.
 */
public final class CrossEntropyProbabilities implements Loss<Tensor> {
  static final CrossEntropyProbabilities DEFAULT =
      new CrossEntropyProbabilities(null, 0, Reduction.MEAN);

  private static final String NAME = "CrossEntropyProbabilities";

  private final double[] weights;
  private final double smoothing;
  private final Reduction reduction;

  private CrossEntropyProbabilities(double[] weights, double smoothing, Reduction reduction) {
    this.weights = weights;
    this.smoothing = smoothing;
    this.reduction = reduction;
  }

  /**
   * Weighs the classes.
   *
   * @param newWeights one finite weight for every class, at least 0
   * @return a changed copy
   * @throws IllegalArgumentException for a weight that is negative or not finite
   */
  public CrossEntropyProbabilities classWeights(double... newWeights) {
    return new CrossEntropyProbabilities(Checks.weights(NAME, newWeights), smoothing, reduction);
  }

  /**
   * Mixes the target with the uniform distribution.
   *
   * @param newSmoothing share of the uniform distribution, in [0, 1]; 0 is the default
   * @return a changed copy
   * @throws IllegalArgumentException outside [0, 1]
   */
  public CrossEntropyProbabilities labelSmoothing(double newSmoothing) {
    return new CrossEntropyProbabilities(weights, Checks.smoothing(NAME, newSmoothing), reduction);
  }

  /**
   * Chooses the reduction.
   *
   * @param newReduction mean is the default
   * @return a changed copy
   */
  public CrossEntropyProbabilities reduction(Reduction newReduction) {
    Checks.given(NAME, "newReduction", newReduction);
    return new CrossEntropyProbabilities(weights, smoothing, newReduction);
  }

  @Override
  public Reduction reduction() {
    return reduction;
  }

  @Override
  public void check(Tensor prediction, Tensor target) {
    Checks.classAxis(NAME, prediction);
    Checks.classWeights(NAME, prediction, weights);
    Checks.sameAs(NAME, prediction, "target", target);
  }

  @Override
  public double forward(Tensor prediction, Tensor target) {
    check(prediction, target);
    return run(prediction, target, divisor(prediction), null, null);
  }

  /**
   * {@inheritDoc}
   *
   * @return for the mean, the number of positions
   */
  @Override
  public double weight(Tensor prediction, Tensor target) {
    check(prediction, target);
    return reduction == Reduction.MEAN ? divisor(prediction) : prediction.dim(0);
  }

  @Override
  public double sum(Tensor prediction, Tensor target) {
    check(prediction, target);
    return run(prediction, target, 1, null, null);
  }

  @Override
  public double forwardBackward(Tensor prediction, Tensor target, Tensor gradient) {
    check(prediction, target);
    Checks.sameAs(NAME, prediction, "gradient", gradient);
    return run(prediction, target, divisor(prediction), gradient, null);
  }

  @Override
  public void elementwise(Tensor prediction, Tensor target, Tensor losses) {
    check(prediction, target);
    Checks.positions(NAME, prediction, losses);
    run(prediction, target, 1, null, losses);
  }

  private double run(
      Tensor prediction, Tensor target, double divisor, Tensor gradient, Tensor losses) {
    float[] xf = Logits.floats(prediction);
    double[] xd = Logits.doubles(prediction);
    float[] tf = Logits.floats(target);
    double[] td = Logits.doubles(target);
    int classes = prediction.dim(1);
    int positions = Checks.positionsPerSample(prediction);
    int count = prediction.dim(0) * positions;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      int sampleStart = i / positions * classes * positions + i % positions;
      int first = prediction.offset() + sampleStart;
      int tFirst = target.offset() + sampleStart;
      double max = Logits.max(xf, xd, first, positions, classes);
      double logSum = Logits.logSum(xf, xd, first, positions, classes, max);
      double loss = 0;
      double allWanted = 0;
      for (int k = 0; k < classes; k++) {
        double wanted = wanted(tf, td, tFirst + k * positions, k, classes);
        loss += wanted * (logSum - (Logits.at(xf, xd, first + k * positions) - max));
        allWanted += wanted;
      }
      sum += loss;
      if (losses != null) {
        Logits.put(Logits.floats(losses), Logits.doubles(losses), losses.offset() + i, loss);
      }
      if (gradient != null) {
        // d loss / d x_k = softmax_k sum_j w_j p'_j  -  w_k p'_k
        float[] gf = Logits.floats(gradient);
        double[] gd = Logits.doubles(gradient);
        int gFirst = gradient.offset() + sampleStart;
        for (int k = 0; k < classes; k++) {
          int at = k * positions;
          double p = StableMath.exp(Logits.at(xf, xd, first + at) - max - logSum);
          double wanted = wanted(tf, td, tFirst + at, k, classes);
          Logits.put(gf, gd, gFirst + at, (p * allWanted - wanted) / divisor);
        }
      }
    }
    return sum / divisor;
  }

  private double divisor(Tensor prediction) {
    return reduction == Reduction.MEAN
        ? (double) prediction.dim(0) * Checks.positionsPerSample(prediction)
        : 1;
  }

  /** {@code w_k p'_k}. */
  private double wanted(float[] tf, double[] td, int at, int k, int classes) {
    double p = (1 - smoothing) * Logits.at(tf, td, at) + smoothing / classes;
    return weights == null ? p : weights[k] * p;
  }

  @Override
  public String settings() {
    return NAME
        + "[reduction="
        + reduction()
        + ", classWeights="
        + Checks.text(weights)
        + ", labelSmoothing="
        + smoothing
        + "]";
  }

  @Override
  public String toString() {
    return settings();
  }
}
