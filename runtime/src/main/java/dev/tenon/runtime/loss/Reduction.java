package dev.tenon.runtime.loss;

/** How the losses of the elements of a batch become one number. */
public enum Reduction {
  /** The average; each loss says over what. */
  MEAN,
  /** The sum. */
  SUM
}
