package dev.tenon.runtime.optim;

/**
 * Changes the parameters of one state by their gradients. Keeps its own state (momentum and the
 * like), so it belongs to one training run. Not synchronised.
 */
public interface Optimizer {
  /**
   * Makes one step from the gradients as they are now. Allocates nothing. Whoever implements it
   * makes the whole step, or throws before anything has changed.
   */
  void step();

  /**
   * The learning rate that the next step uses.
   *
   * @return at least 0
   */
  double learningRate();

  /**
   * Changes the learning rate, from the next step on.
   *
   * @param learningRate finite, at least 0
   * @throws IllegalArgumentException if it is negative or not finite; the old one stays
   */
  void learningRate(double learningRate);

  /**
   * The number of steps made. A parameter that was frozen for some of them has made fewer.
   *
   * @return 0 before the first step
   */
  long stepCount();
}
