package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.math.StableMath;

/**
 * Cross entropy of unnormalised class scores (logits) and class indices: {@code
 * NLL(log_softmax(x))}.
 *
 * <p>Predictions are {@code [batch, classes]} or {@code [batch, classes, ...]} with the classes on
 * axis 1; targets have one index for every sample and position, row-major in {@code [batch, ...]}.
 * With log probabilities lp, K classes, class weights w (default 1), smoothing e (default 0) and
 * sums over the positions whose target is not the ignored index:
 *
 * <pre>
 *   loss_i = (1 - e) * -w[t_i] lp_i[t_i]  +  e/K * sum_k -w[k] lp_i[k]
 *   mean   = sum_i loss_i / sum_i w[t_i]
 *   sum    = sum_i loss_i
 * </pre>
 *
 * <p>All targets ignored, or an empty batch: the mean is NaN, the sum 0, the gradient 0. A target
 * outside {@code [0, classes)} that is not the ignored index is an error with its position.
 */
public final class CrossEntropy implements Loss<int[]> {
  static final CrossEntropy DEFAULT = new CrossEntropy(null, -100, 0, Reduction.MEAN);

  private static final String NAME = "CrossEntropy";

  private final double[] weights;
  private final int ignoreIndex;
  private final double smoothing;
  private final Reduction reduction;

  private CrossEntropy(double[] weights, int ignoreIndex, double smoothing, Reduction reduction) {
    this.weights = weights;
    this.ignoreIndex = ignoreIndex;
    this.smoothing = smoothing;
    this.reduction = reduction;
  }

  /**
   * Weighs the classes, for data in which some are rare.
   *
   * @param newWeights one finite weight for every class, at least 0
   * @return a changed copy
   * @throws IllegalArgumentException for a weight that is negative or not finite
   */
  public CrossEntropy classWeights(double... newWeights) {
    return new CrossEntropy(Checks.weights(NAME, newWeights), ignoreIndex, smoothing, reduction);
  }

  /**
   * Chooses the target that means "no label here": it adds nothing to loss and gradient.
   *
   * @param newIgnoreIndex any number; -100 is the default
   * @return a changed copy
   */
  public CrossEntropy ignoreIndex(int newIgnoreIndex) {
    return new CrossEntropy(weights, newIgnoreIndex, smoothing, reduction);
  }

  /**
   * Mixes the target with the uniform distribution.
   *
   * @param newSmoothing share of the uniform distribution, in [0, 1]; 0 is the default
   * @return a changed copy
   * @throws IllegalArgumentException outside [0, 1]
   */
  public CrossEntropy labelSmoothing(double newSmoothing) {
    return new CrossEntropy(weights, ignoreIndex, Checks.smoothing(NAME, newSmoothing), reduction);
  }

  /**
   * Chooses the reduction.
   *
   * @param newReduction mean is the default
   * @return a changed copy
   */
  public CrossEntropy reduction(Reduction newReduction) {
    Checks.given(NAME, "newReduction", newReduction);
    return new CrossEntropy(weights, ignoreIndex, smoothing, newReduction);
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
    double allWeights = 0;
    for (int k = 0; k < classes; k++) {
      allWeights += weight(k);
    }
    double sum = 0;
    for (int i = 0; i < target.length; i++) {
      int label = target[i];
      int sampleStart = i / positions * classes * positions + i % positions;
      int first = prediction.offset() + sampleStart;
      if (label == ignoreIndex) {
        if (gradient != null) {
          clear(gradient, gradient.offset() + sampleStart, positions, classes);
        }
        if (losses != null) {
          put(losses, i, 0);
        }
        continue;
      }
      double max = Logits.max(xf, xd, first, positions, classes);
      double logSum = Logits.logSum(xf, xd, first, positions, classes, max);
      double hard = weight(label) * (logSum - (Logits.at(xf, xd, first + label * positions) - max));
      double loss = hard;
      if (smoothing > 0) {
        double smooth = 0;
        for (int k = 0; k < classes; k++) {
          smooth += weight(k) * (logSum - (Logits.at(xf, xd, first + k * positions) - max));
        }
        loss = (1 - smoothing) * hard + smoothing / classes * smooth;
      }
      sum += loss;
      if (losses != null) {
        put(losses, i, loss);
      }
      if (gradient != null) {
        // d loss / d x_k = (1-e) w_t (p_k - [k = t])  +  e/K (p_k sum_j w_j - w_k)
        float[] gf = Logits.floats(gradient);
        double[] gd = Logits.doubles(gradient);
        int gFirst = gradient.offset() + sampleStart;
        double hardWeight = (1 - smoothing) * weight(label);
        double smoothWeight = smoothing / classes;
        double both = hardWeight + smoothWeight * allWeights;
        for (int k = 0; k < classes; k++) {
          int at = k * positions;
          double p = StableMath.exp(Logits.at(xf, xd, first + at) - max - logSum);
          double wanted = smoothWeight * weight(k) + (k == label ? hardWeight : 0);
          Logits.put(gf, gd, gFirst + at, (both * p - wanted) / divisor);
        }
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

  private static void put(Tensor losses, int i, double loss) {
    Logits.put(Logits.floats(losses), Logits.doubles(losses), losses.offset() + i, loss);
  }

  private static void clear(Tensor gradient, int first, int stride, int classes) {
    float[] gf = Logits.floats(gradient);
    double[] gd = Logits.doubles(gradient);
    for (int k = 0; k < classes; k++) {
      Logits.put(gf, gd, first + k * stride, 0);
    }
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
        + ", labelSmoothing="
        + smoothing
        + "]";
  }

  @Override
  public String toString() {
    return settings();
  }
}
