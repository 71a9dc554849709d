package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;
import java.util.Objects;

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

  @Override
  public String name() {
    return loss.settings();
  }

  @Override
  public LossMean<T> mean() {
    return new LossMean<>() {
      private double sum;
      private double weight;

      @Override
      public void add(Tensor[] predictions, T targets) {
        Tensor prediction = only(predictions);
        sum += loss.sum(prediction, targets);
        weight += loss.weight(prediction, targets);
      }

      @Override
      public void add(double value, Tensor[] predictions, T targets) {
        double ofBatch = loss.weight(only(predictions), targets);
        if (ofBatch == 0) {
          // The value is a sum divided by 0.
          add(predictions, targets);
          return;
        }
        sum += loss.reduction() == Reduction.MEAN ? value * ofBatch : value;
        weight += ofBatch;
      }

      @Override
      public double value() {
        return sum / weight;
      }

      @Override
      public double value(int output) {
        Objects.checkIndex(output, 1);
        return value();
      }

      @Override
      public double[] save() {
        return new double[] {sum, weight};
      }

      @Override
      public void restore(double... saved) {
        Checks.saved(2, saved);
        sum = saved[0];
        weight = saved[1];
      }

      @Override
      public boolean isFinite() {
        return Double.isFinite(sum);
      }
    };
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
