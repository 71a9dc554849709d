package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;

/**
 * A loss of each element separately, {@code f(x, t)}. The mean divides by the number of all
 * elements. An empty batch has mean NaN and sum 0.
 *
 * <p>Prediction and target must have equal shapes: there is no broadcasting.
 */
abstract class ElementLoss implements Loss<Tensor> {
  private final String name;
  private final Reduction reduction;

  ElementLoss(String name, Reduction reduction) {
    this.name = name;
    this.reduction = reduction;
  }

  /** The loss of one element. */
  abstract double loss(double x, double t);

  /** Its derivative by x. */
  abstract double slope(double x, double t);

  @Override
  public final Reduction reduction() {
    return reduction;
  }

  @Override
  public final void check(Tensor prediction, Tensor target) {
    Checks.sameAs(name, prediction, "target", target);
  }

  @Override
  public final double forward(Tensor prediction, Tensor target) {
    check(prediction, target);
    return sumOf(prediction, target) / divisor(prediction);
  }

  /**
   * {@inheritDoc}
   *
   * @return for the mean, the number of elements
   */
  @Override
  public final double weight(Tensor prediction, Tensor target) {
    check(prediction, target);
    return reduction == Reduction.MEAN ? divisor(prediction) : prediction.dim(0);
  }

  @Override
  public final double sum(Tensor prediction, Tensor target) {
    check(prediction, target);
    return sumOf(prediction, target);
  }

  private double divisor(Tensor prediction) {
    return reduction == Reduction.MEAN ? prediction.size() : 1;
  }

  @Override
  public final double forwardBackward(Tensor prediction, Tensor target, Tensor gradient) {
    check(prediction, target);
    Checks.sameAs(name, prediction, "gradient", gradient);
    int size = prediction.size();
    double divisor = divisor(prediction);
    double loss = sumOf(prediction, target) / divisor;
    int xAt = prediction.offset();
    int tAt = target.offset();
    int gAt = gradient.offset();
    if (Checks.isFloat(prediction)) {
      float[] x = prediction.floatArray();
      float[] t = target.floatArray();
      float[] g = gradient.floatArray();
      for (int i = 0; i < size; i++) {
        g[gAt + i] = (float) (slope(x[xAt + i], t[tAt + i]) / divisor);
      }
    } else {
      double[] x = prediction.doubleArray();
      double[] t = target.doubleArray();
      double[] g = gradient.doubleArray();
      for (int i = 0; i < size; i++) {
        g[gAt + i] = slope(x[xAt + i], t[tAt + i]) / divisor;
      }
    }
    return loss;
  }

  @Override
  public final void elementwise(Tensor prediction, Tensor target, Tensor losses) {
    check(prediction, target);
    Checks.sameAs(name, prediction, "tensor of losses", losses);
    int size = prediction.size();
    int xAt = prediction.offset();
    int tAt = target.offset();
    int lAt = losses.offset();
    if (Checks.isFloat(prediction)) {
      float[] x = prediction.floatArray();
      float[] t = target.floatArray();
      float[] l = losses.floatArray();
      for (int i = 0; i < size; i++) {
        l[lAt + i] = (float) loss(x[xAt + i], t[tAt + i]);
      }
    } else {
      double[] x = prediction.doubleArray();
      double[] t = target.doubleArray();
      double[] l = losses.doubleArray();
      for (int i = 0; i < size; i++) {
        l[lAt + i] = loss(x[xAt + i], t[tAt + i]);
      }
    }
  }

  private double sumOf(Tensor prediction, Tensor target) {
    int size = prediction.size();
    int xAt = prediction.offset();
    int tAt = target.offset();
    double sum = 0;
    if (Checks.isFloat(prediction)) {
      float[] x = prediction.floatArray();
      float[] t = target.floatArray();
      for (int i = 0; i < size; i++) {
        sum += loss(x[xAt + i], t[tAt + i]);
      }
    } else {
      double[] x = prediction.doubleArray();
      double[] t = target.doubleArray();
      for (int i = 0; i < size; i++) {
        sum += loss(x[xAt + i], t[tAt + i]);
      }
    }
    return sum;
  }

  /** Options besides the reduction, each after a comma; none unless it says so. */
  String options() {
    return "";
  }

  @Override
  public final String settings() {
    return name + "[reduction=" + reduction + options() + "]";
  }

  @Override
  public final String toString() {
    return settings();
  }
}
