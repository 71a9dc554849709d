package dev.tenon.runtime.optim;

/** Where optimisers start: PyTorch's defaults, to be changed by the methods of each. */
public final class Optimizers {
  private Optimizers() {}

  /**
   * Stochastic gradient descent without momentum.
   *
   * @param learningRate finite, at least 0
   * @return a specification with momentum 0, dampening 0, weight decay 0, no Nesterov
   * @throws IllegalArgumentException if the learning rate is negative or not finite
   */
  public static Sgd sgd(double learningRate) {
    return new Sgd(learningRate);
  }

  /**
   * Adam.
   *
   * @param learningRate finite, at least 0; PyTorch's default is 1e-3
   * @return a specification with betas 0.9 and 0.999, eps 1e-8, weight decay 0
   * @throws IllegalArgumentException if the learning rate is negative or not finite
   */
  public static Adam adam(double learningRate) {
    return new Adam(learningRate);
  }

  /**
   * Adam with decoupled weight decay.
   *
   * @param learningRate finite, at least 0; PyTorch's default is 1e-3
   * @return a specification with betas 0.9 and 0.999, eps 1e-8, weight decay 1e-2
   * @throws IllegalArgumentException if the learning rate is negative or not finite
   */
  public static AdamW adamW(double learningRate) {
    return new AdamW(learningRate);
  }
}
