package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;

/**
 * Squared error, {@code (x - t)^2}; its derivative by x is {@code 2 (x - t)}. The mean divides by
 * the number of all elements. An empty batch has mean NaN and sum 0.
 *
 * <p>Prediction and target must have equal shapes: there is no broadcasting.
 */
public final class MeanSquaredError implements Loss<Tensor> {
  static final MeanSquaredError DEFAULT = new MeanSquaredError(Reduction.MEAN);

  private static final String NAME = "MeanSquaredError";

  private final Reduction reduction;

  private MeanSquaredError(Reduction reduction) {
    this.reduction = reduction;
  }

  /**
   * Chooses the reduction.
   *
   * @param newReduction mean is the default
   * @return a changed copy
   */
  public MeanSquaredError reduction(Reduction newReduction) {
    return new MeanSquaredError(newReduction);
  }

  @Override
  public Reduction reduction() {
    return reduction;
  }

  @Override
  public void check(Tensor prediction, Tensor target) {
    Checks.sameAs(NAME, prediction, "target", target);
  }

  @Override
  public double forward(Tensor prediction, Tensor target) {
    check(prediction, target);
    return reduced(prediction, target);
  }

  @Override
  public double forwardBackward(Tensor prediction, Tensor target, Tensor gradient) {
    check(prediction, target);
    Checks.sameAs(NAME, prediction, "gradient", gradient);
    double loss = reduced(prediction, target);
    int size = prediction.size();
    double scale = reduction == Reduction.MEAN ? 2.0 / size : 2.0;
    int xAt = prediction.offset();
    int tAt = target.offset();
    int gAt = gradient.offset();
    if (Checks.isFloat(prediction)) {
      float[] x = prediction.floatArray();
      float[] t = target.floatArray();
      float[] g = gradient.floatArray();
      for (int i = 0; i < size; i++) {
        g[gAt + i] = (float) (scale * ((double) x[xAt + i] - t[tAt + i]));
      }
    } else {
      double[] x = prediction.doubleArray();
      double[] t = target.doubleArray();
      double[] g = gradient.doubleArray();
      for (int i = 0; i < size; i++) {
        g[gAt + i] = scale * (x[xAt + i] - t[tAt + i]);
      }
    }
    return loss;
  }

  @Override
  public void elementwise(Tensor prediction, Tensor target, Tensor losses) {
    check(prediction, target);
    Checks.sameAs(NAME, prediction, "tensor of losses", losses);
    int size = prediction.size();
    int xAt = prediction.offset();
    int tAt = target.offset();
    int lAt = losses.offset();
    if (Checks.isFloat(prediction)) {
      float[] x = prediction.floatArray();
      float[] t = target.floatArray();
      float[] l = losses.floatArray();
      for (int i = 0; i < size; i++) {
        double d = (double) x[xAt + i] - t[tAt + i];
        l[lAt + i] = (float) (d * d);
      }
    } else {
      double[] x = prediction.doubleArray();
      double[] t = target.doubleArray();
      double[] l = losses.doubleArray();
      for (int i = 0; i < size; i++) {
        double d = x[xAt + i] - t[tAt + i];
        l[lAt + i] = d * d;
      }
    }
  }

  private double reduced(Tensor prediction, Tensor target) {
    int size = prediction.size();
    int xAt = prediction.offset();
    int tAt = target.offset();
    double sum = 0;
    if (Checks.isFloat(prediction)) {
      float[] x = prediction.floatArray();
      float[] t = target.floatArray();
      for (int i = 0; i < size; i++) {
        double d = (double) x[xAt + i] - t[tAt + i];
        sum += d * d;
      }
    } else {
      double[] x = prediction.doubleArray();
      double[] t = target.doubleArray();
      for (int i = 0; i < size; i++) {
        double d = x[xAt + i] - t[tAt + i];
        sum += d * d;
      }
    }
    return reduction == Reduction.MEAN ? sum / size : sum;
  }
}
