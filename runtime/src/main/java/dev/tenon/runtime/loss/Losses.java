package dev.tenon.runtime.loss;

/** Where losses start: defaults, to be changed by the methods of each loss. */
public final class Losses {
  private Losses() {}

  /**
   * Cross entropy of class indices: mean, no class weights, ignored index -100, no smoothing.
   *
   * @return a loss whose targets are {@code int[]}
   */
  public static CrossEntropy crossEntropy() {
    return CrossEntropy.DEFAULT;
  }

  /**
   * Cross entropy of class probabilities: mean, no class weights, no smoothing.
   *
   * @return a loss whose targets are tensors of the prediction's shape
   */
  public static CrossEntropyProbabilities crossEntropyProbabilities() {
    return CrossEntropyProbabilities.DEFAULT;
  }

  /**
   * Mean squared error: mean over all elements.
   *
   * @return a loss whose targets are tensors of the prediction's shape
   */
  public static MeanSquaredError meanSquaredError() {
    return MeanSquaredError.DEFAULT;
  }

  /**
   * Absolute error: mean over all elements.
   *
   * @return a loss whose targets are tensors of the prediction's shape
   */
  public static L1 l1() {
    return L1.DEFAULT;
  }

  /**
   * Squared error near the target, linear beyond: mean over all elements.
   *
   * @param delta where the two meet, positive and finite; PyTorch's default is 1
   * @return a loss whose targets are tensors of the prediction's shape
   * @throws IllegalArgumentException if delta is not positive or not finite
   */
  public static Huber huber(double delta) {
    return Huber.huber(delta);
  }

  /**
   * The Huber loss divided by its delta, so that its slope beyond is 1: mean over all elements.
   *
   * @param beta where the two parts meet, positive and finite; PyTorch's default is 1
   * @return a loss whose targets are tensors of the prediction's shape
   * @throws IllegalArgumentException if beta is not positive or not finite
   */
  public static Huber smoothL1(double beta) {
    return Huber.smoothL1(beta);
  }

  /**
   * Cross entropy of yes-or-no questions: mean over all elements, both answers weigh the same.
   *
   * @return a loss whose targets, in [0, 1], are tensors of the prediction's shape
   */
  public static BinaryCrossEntropyWithLogits binaryCrossEntropyWithLogits() {
    return BinaryCrossEntropyWithLogits.DEFAULT;
  }

  /**
   * Negative log likelihood of log probabilities: mean, no class weights, ignored index -100.
   *
   * @return a loss whose targets are {@code int[]}
   */
  public static NegativeLogLikelihood negativeLogLikelihood() {
    return NegativeLogLikelihood.DEFAULT;
  }

  /**
   * The loss of the first of several outputs, with weight 1; {@link JointLoss#and} adds the others.
   *
   * @param loss of the first output
   * @return a joint loss
   */
  public static JointLoss joint(Loss<?> loss) {
    return joint(loss, 1);
  }

  /**
   * The loss of the first of several outputs; {@link JointLoss#and} adds the others.
   *
   * @param loss of the first output
   * @param weight what it is multiplied with, finite and at least 0
   * @return a joint loss
   * @throws IllegalArgumentException for another weight
   */
  public static JointLoss joint(Loss<?> loss, double weight) {
    return JointLoss.of(loss, weight);
  }
}
