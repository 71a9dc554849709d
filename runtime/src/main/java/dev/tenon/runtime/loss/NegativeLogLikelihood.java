package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;

/**
 * Negative log likelihood of log probabilities, as a {@code @LogSoftmax} gives them, and class
 * indices. {@link CrossEntropy} is this after a log softmax, and what a network that ends in logits
 * wants. PyTorch's {@code NLLLoss}.
 *
 * <p>Predictions are {@code [batch, classes]} or {@code [batch, classes, ...]} with the classes on
 * axis 1; targets have one index for every sample and position, row-major in {@code [batch, ...]}.
 * With class weights w (default 1) and sums over the positions whose target is not the ignored
 * index:
 *
 * <pre>
 *   loss_i = -w[t_i] x_i[t_i]
 *   mean   = sum_i loss_i / sum_i w[t_i]
 *   sum    = sum_i loss_i
 * </pre>
 *
 * <p>All targets ignored, or an empty batch: the mean is NaN, the sum 0, the gradient 0. A target
 * outside {@code [0, classes)} that is not the ignored index is an error with its position.
 */
public final class NegativeLogLikelihood implements Loss<int[]> {
  static final NegativeLogLikelihood DEFAULT =
      new NegativeLogLikelihood(null, -100, Reduction.MEAN);

  private static final String NAME = "NegativeLogLikelihood";

  private final double[] weights;
  private final int ignoreIndex;
  private final Reduction reduction;

  private NegativeLogLikelihood(double[] weights, int ignoreIndex, Reduction reduction) {
    this.weights = weights;
    this.ignoreIndex = ignoreIndex;
    this.reduction = reduction;
  }

  /**
   * Weighs the classes, for data in which some are rare.
   *
   * @param newWeights one finite weight for every class, at least 0
   * @return a changed copy
   * @throws IllegalArgumentException for a weight that is negative or not finite
   */
  public NegativeLogLikelihood classWeights(double... newWeights) {
    return new NegativeLogLikelihood(Checks.weights(NAME, newWeights), ignoreIndex, reduction);
  }

  /**
   * Chooses the target that means "no label here": it adds nothing to loss and gradient.
   *
   * @param newIgnoreIndex any number; -100 is the default
   * @return a changed copy
   */
  public NegativeLogLikelihood ignoreIndex(int newIgnoreIndex) {
    return new NegativeLogLikelihood(weights, newIgnoreIndex, reduction);
  }

  /**
   * Chooses the reduction.
   *
   * @param newReduction mean is the default
   * @return a changed copy
   */
  public NegativeLogLikelihood reduction(Reduction newReduction) {
    Checks.given(NAME, "newReduction", newReduction);
    return new NegativeLogLikelihood(weights, ignoreIndex, newReduction);
  }

  @Override
  public Reduction reduction() {
    return reduction;
  }

  @Override
  public void check(Tensor prediction, int[] target) {
    Checks.classAxis(NAME, prediction);
    Checks.classWeights(NAME, prediction, weights);
    Checks.labels(NAME, prediction, target, ignoreIndex);
  }

  @Override
  public double forward(Tensor prediction, int[] target) {
    check(prediction, target);
    return run(prediction, target, divisor(target), null, null);
  }

  /**
   * {@inheritDoc}
   *
   * @return for the mean, the class weights of all targets that are not ignored
   */
  @Override
  public double weight(Tensor prediction, int[] target) {
    check(prediction, target);
    return reduction == Reduction.MEAN ? targetWeight(target) : prediction.dim(0);
  }

  @Override
  public double sum(Tensor prediction, int[] target) {
    check(prediction, target);
    return run(prediction, target, 1, null, null);
  }

  @Override
  public double forwardBackward(Tensor prediction, int[] target, Tensor gradient) {
    check(prediction, target);
    Checks.sameAs(NAME, prediction, "gradient", gradient);
    return run(prediction, target, divisor(target), gradient, null);
  }

  @Override
  public void elementwise(Tensor prediction, int[] target, Tensor losses) {
    check(prediction, target);
    Checks.positions(NAME, prediction, losses);
    run(prediction, target, 1, null, losses);
  }

  private double run(
      Tensor prediction, int[] target, double divisor, Tensor gradient, Tensor losses) {
    float[] xf = Logits.floats(prediction);
    double[] xd = Logits.doubles(prediction);
    int classes = prediction.dim(1);
    int positions = Checks.positionsPerSample(prediction);
    if (gradient != null) {
      gradient.fill(0);
    }
    double sum = 0;
    for (int i = 0; i < target.length; i++) {
      int label = target[i];
      double loss = 0;
      if (label != ignoreIndex) {
        int at = i / positions * classes * positions + i % positions + label * positions;
        loss = -weight(label) * Logits.at(xf, xd, prediction.offset() + at);
        sum += loss;
        if (gradient != null) {
          Logits.put(
              Logits.floats(gradient),
              Logits.doubles(gradient),
              gradient.offset() + at,
              -weight(label) / divisor);
        }
      }
      if (losses != null) {
        Logits.put(Logits.floats(losses), Logits.doubles(losses), losses.offset() + i, loss);
      }
    }
    return sum / divisor;
  }

  /** Depends on the targets alone, so the gradient needs no second pass over the scores. */
  private double divisor(int[] target) {
    return reduction == Reduction.MEAN ? targetWeight(target) : 1;
  }

  private double targetWeight(int[] target) {
    double total = 0;
    for (int label : target) {
      if (label != ignoreIndex) {
        total += weight(label);
      }
    }
    return total;
  }

  private double weight(int k) {
    return weights == null ? 1 : weights[k];
  }

  @Override
  public String settings() {
    return NAME
        + "[reduction="
        + reduction()
        + ", classWeights="
        + Checks.text(weights)
        + ", ignoreIndex="
        + ignoreIndex
        + "]";
  }

  @Override
  public String toString() {
    return settings();
  }
}
