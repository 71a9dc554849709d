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
}
