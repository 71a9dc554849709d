package dev.tenon.runtime.train;

/**
 * A loss or a gradient that is NaN or infinite. The model, the optimiser and the learning rate are
 * as they were before the step that met it; its gradients are overwritten.
 */
public final class NonFiniteException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /** Number of the epoch from 1, or 0. */
  private final int epoch;

  /** Number of the step from 1. */
  private final long step;

  /** Learning rate of the step. */
  private final double learningRate;

  /** Path of the layer where it began, or empty. */
  private final String layer;

  NonFiniteException(String message, int epoch, long step, double learningRate, String layer) {
    super(message);
    this.epoch = epoch;
    this.step = step;
    this.learningRate = learningRate;
    this.layer = layer;
  }

  /**
   * The epoch.
   *
   * @return its number from 1, counted over all fits; 0 for a step by hand
   */
  public int epoch() {
    return epoch;
  }

  /**
   * The step.
   *
   * @return its number from 1, counted as the optimiser counts
   */
  public long step() {
    return step;
  }

  /**
   * The learning rate of that step.
   *
   * @return at least 0
   */
  public double learningRate() {
    return learningRate;
  }

  /**
   * The layer where it began, as far as that can be seen.
   *
   * @return the path of a layer; empty if it began in the data or the loss, or cannot be seen
   */
  public String layer() {
    return layer;
  }
}
