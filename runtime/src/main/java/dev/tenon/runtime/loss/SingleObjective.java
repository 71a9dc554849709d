package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;

/** The loss of the only output. */
record SingleObjective<T>(Loss<T> loss) implements Objective<T> {
  @Override
  public void check(Tensor[] predictions, T targets) {
    loss.check(only(predictions), targets);
  }

  @Override
  public double forward(Tensor[] predictions, T targets) {
    return loss.forward(only(predictions), targets);
  }

  @Override
  public double[] forwardEach(Tensor[] predictions, T targets) {
    return new double[] {forward(predictions, targets)};
  }

  @Override
  public double forwardBackward(Tensor[] predictions, T targets, Tensor[] gradients) {
    return loss.forwardBackward(only(predictions), targets, only(gradients));
  }

  @Override
  public Reduction reduction() {
    return loss.reduction();
  }

  private Tensor only(Tensor[] tensors) {
    if (tensors.length != 1) {
      throw new IllegalArgumentException(
          loss.getClass().getSimpleName()
              + ": this is the loss of one output, but there are "
              + tensors.length
              + ". Give each its loss: joint(...).and(...).");
    }
    return tensors[0];
  }
}
