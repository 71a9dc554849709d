package dev.tenon.runtime.optim;

import dev.tenon.runtime.state.State;

/**
 * Adam (Kingma and Ba, <i>Adam: A Method for Stochastic Optimization</i>, 2015), with PyTorch's
 * weight decay as an L2 penalty; {@link AdamW} decays the parameters themselves.
 *
 * <pre>
 *   g += weightDecay * p
 *   m  = beta1 m + (1 - beta1) g
 *   v  = beta2 v + (1 - beta2) g^2                    with amsgrad: the largest v so far is used
 *   p -= learningRate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 * </pre>
 *
 * <p>t counts the steps of each parameter separately, from 1: while a parameter is frozen it makes
 * none, as in PyTorch.
 */
public final class Adam implements OptimizerSpec {
  private static final String NAME = "Adam";

  private final AdamOptions options;

  Adam(double learningRate) {
    this(AdamOptions.defaults(NAME, learningRate, 0));
  }

  private Adam(AdamOptions options) {
    this.options = options;
  }

  /**
   * How long the averages of the gradient and of its square remember.
   *
   * @param beta1 in [0, 1); 0.9 is the default
   * @param beta2 in [0, 1); 0.999 is the default
   * @return a changed copy
   * @throws IllegalArgumentException outside [0, 1)
   */
  public Adam betas(double beta1, double beta2) {
    return new Adam(options.withBetas(beta1, beta2));
  }

  /**
   * Added to the square root, which it keeps away from zero.
   *
   * @param value finite, at least 0; 1e-8 is the default
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Adam eps(double value) {
    return new Adam(options.withEps(value));
  }

  /**
   * L2 penalty: this times the parameter is added to its gradient.
   *
   * @param value finite, at least 0; 0 is the default
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Adam weightDecay(double value) {
    return new Adam(options.withWeightDecay(value));
  }

  /**
   * Divides by the largest v so far instead of the latest (Reddi et al., <i>On the Convergence of
   * Adam and Beyond</i>, 2018).
   *
   * @return a changed copy
   */
  public Adam amsgrad() {
    return new Adam(options.withAmsgrad());
  }

  /**
   * Climbs instead of descending: gradients are negated before anything else.
   *
   * @return a changed copy
   */
  public Adam maximize() {
    return new Adam(options.withMaximize());
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the state has no parameters
   */
  @Override
  public Optimizer create(State state) {
    return AdamSteps.create(options, false, state);
  }

  /** Returns name and options. */
  @Override
  public String toString() {
    return options.toString();
  }
}
