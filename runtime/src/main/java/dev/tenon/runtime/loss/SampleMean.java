package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;
import java.util.Arrays;
import java.util.Objects;

/** The mean of an objective that says nothing of weights: each batch counts by its samples. */
final class SampleMean<T> implements LossMean<T> {
  private final Objective<T> objective;
  private double sum;
  private double[] each = new double[0];
  private long samples;

  SampleMean(Objective<T> objective) {
    this.objective = objective;
  }

  @Override
  public void add(Tensor[] predictions, T targets) {
    double[] values = objective.forwardEach(predictions, targets);
    if (each.length == 0) {
      each = new double[values.length];
    }
    double factor = factor(predictions);
    for (int i = 0; i < each.length; i++) {
      each[i] += factor * values[i];
    }
    addWhole(objective.forward(predictions, targets), predictions);
  }

  @Override
  public void add(double value, Tensor[] predictions, T targets) {
    if (each.length == 0) {
      each = new double[predictions.length];
    }
    for (int i = 0; i < each.length; i++) {
      each[i] = predictions.length == 1 ? each[i] + factor(predictions) * value : Double.NaN;
    }
    addWhole(value, predictions);
  }

  private void addWhole(double value, Tensor[] predictions) {
    sum += factor(predictions) * value;
    samples += predictions[0].dim(0);
  }

  private double factor(Tensor[] predictions) {
    return objective.reduction() == Reduction.MEAN ? predictions[0].dim(0) : 1;
  }

  @Override
  public double value() {
    return sum / samples;
  }

  @Override
  public double value(int output) {
    return each.length == 0 ? Double.NaN : each[output] / samples;
  }

  @Override
  public double[] save() {
    double[] saved = new double[2 + each.length];
    saved[0] = sum;
    saved[1] = samples;
    System.arraycopy(each, 0, saved, 2, each.length);
    return saved;
  }

  @Override
  public void restore(double... saved) {
    if (Objects.requireNonNull(saved, "saved").length < 2) {
      throw new IllegalArgumentException(
          "A mean needs at least 2 numbers, but " + saved.length + " were saved.");
    }
    sum = saved[0];
    samples = (long) saved[1];
    each = Arrays.copyOfRange(saved, 2, saved.length);
  }

  @Override
  public boolean isFinite() {
    return Double.isFinite(sum);
  }
}
