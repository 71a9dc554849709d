package dev.tenon.runtime.optim;

import dev.tenon.runtime.state.State;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, <i>Decoupled Weight Decay
 * Regularization</i>, 2019).
 *
 * <pre>
 *   p *= 1 - learningRate * weightDecay
 *   m  = beta1 m + (1 - beta1) g
 *   v  = beta2 v + (1 - beta2) g^2                    with amsgrad: the largest v so far is used
 *   p -= learningRate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 * </pre>
 *
 * <p>t counts the steps of each parameter separately, from 1: while a parameter is frozen it makes
 * none, as in PyTorch.
 */
public final class AdamW implements OptimizerSpec {
  private static final String NAME = "AdamW";

  private final AdamOptions options;

  AdamW(double learningRate) {
    this(AdamOptions.defaults(NAME, learningRate, 1e-2));
  }

  private AdamW(AdamOptions options) {
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
  public AdamW betas(double beta1, double beta2) {
    return new AdamW(options.withBetas(beta1, beta2));
  }

  /**
   * Added to the square root, which it keeps away from zero.
   *
   * @param value finite, at least 0; 1e-8 is the default
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public AdamW eps(double value) {
    return new AdamW(options.withEps(value));
  }

  /**
   * How fast parameters shrink: at each step by the factor {@code 1 - learningRate * value}.
   *
   * @param value finite, at least 0; 1e-2 is the default
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public AdamW weightDecay(double value) {
    return new AdamW(options.withWeightDecay(value));
  }

  /**
   * Divides by the largest v so far instead of the latest (Reddi et al., <i>On the Convergence of
   * Adam and Beyond</i>, 2018).
   *
   * @return a changed copy
   */
  public AdamW amsgrad() {
    return new AdamW(options.withAmsgrad());
  }

  /**
   * Climbs instead of descending: gradients are negated before anything else.
   *
   * @return a changed copy
   */
  public AdamW maximize() {
    return new AdamW(options.withMaximize());
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the state has no parameters
   */
  @Override
  public Optimizer create(State state) {
    return AdamSteps.create(options, true, state);
  }

  /** Returns name and options. */
  @Override
  public String toString() {
    return options.toString();
  }
}
