package dev.tenon.runtime.optim;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.math.StableMath;
import dev.tenon.runtime.state.State;

/** The steps of {@link Adam} and {@link AdamW}, which differ in where the weight decay goes. */
abstract class AdamSteps extends FlatOptimizer {
  final AdamOptions options;
  private final boolean decoupled;

  AdamSteps(AdamOptions options, boolean decoupled, State state) {
    super(options.name(), options.learningRate(), options.toString(), state);
    this.options = options;
    this.decoupled = decoupled;
  }

  static Optimizer create(AdamOptions options, boolean decoupled, State state) {
    Options.withParameters(options.name(), state);
    return state.dtype() == DType.FLOAT32
        ? new FloatSteps(options, decoupled, state)
        : new DoubleSteps(options, decoupled, state);
  }

  @Override
  final void move(long made, double learningRate, int from, int to) {
    long step = made + 1;
    double sign = options.maximize() ? -1 : 1;
    double shrink = decoupled ? 1 - learningRate * options.weightDecay() : 1;
    double penalty = decoupled ? 0 : options.weightDecay();
    double rate = learningRate / (1 - StableMath.power(options.beta1(), step));
    double correction = Math.sqrt(1 - StableMath.power(options.beta2(), step));
    if (options.amsgrad()) {
      amsgrad(sign, shrink, penalty, rate, correction, from, to);
    } else {
      plain(sign, shrink, penalty, rate, correction, from, to);
    }
  }

  abstract void plain(
      double sign, double shrink, double penalty, double rate, double correction, int from, int to);

  abstract void amsgrad(
      double sign, double shrink, double penalty, double rate, double correction, int from, int to);

  /**
   * The loops have no branches and one index for all arrays, so that C2 vectorises them. Factors
   * that an option leaves at 1 or 0 change nothing as long as the parameter is finite.
   */
  private static final class FloatSteps extends AdamSteps {
    private final float[] parameters;
    private final float[] gradients;
    private final float[] means;
    private final float[] squares;
    private final float[] largest;

    FloatSteps(AdamOptions options, boolean decoupled, State state) {
      super(options, decoupled, state);
      parameters = state.arrays().floatParameters();
      gradients = state.arrays().floatGradients();
      means = floats("mean");
      squares = floats("square");
      largest = options.amsgrad() ? floats("largest_square") : null;
    }

    @Override
    void plain(
        double sign,
        double shrink,
        double penalty,
        double rate,
        double correction,
        int from,
        int to) {
      float[] p = parameters;
      float[] g = gradients;
      float[] m = means;
      float[] v = squares;
      float s = (float) sign;
      float keepP = (float) shrink;
      float l2 = (float) penalty;
      float lr = (float) rate;
      float corr = (float) correction;
      float eps = (float) options.eps();
      float add1 = (float) (1 - options.beta1());
      float keep2 = (float) options.beta2();
      float add2 = (float) (1 - options.beta2());
      for (int i = from; i < to; i++) {
        float d = s * g[i] + l2 * p[i];
        float mean = m[i] + add1 * (d - m[i]);
        float square = keep2 * v[i] + add2 * d * d;
        m[i] = mean;
        v[i] = square;
        p[i] = keepP * p[i] - lr * mean / ((float) Math.sqrt(square) / corr + eps);
      }
    }

    @Override
    void amsgrad(
        double sign,
        double shrink,
        double penalty,
        double rate,
        double correction,
        int from,
        int to) {
      float[] p = parameters;
      float[] g = gradients;
      float[] m = means;
      float[] v = squares;
      float[] top = largest;
      float s = (float) sign;
      float keepP = (float) shrink;
      float l2 = (float) penalty;
      float lr = (float) rate;
      float corr = (float) correction;
      float eps = (float) options.eps();
      float add1 = (float) (1 - options.beta1());
      float keep2 = (float) options.beta2();
      float add2 = (float) (1 - options.beta2());
      for (int i = from; i < to; i++) {
        float d = s * g[i] + l2 * p[i];
        float mean = m[i] + add1 * (d - m[i]);
        float square = keep2 * v[i] + add2 * d * d;
        float most = Math.max(top[i], square);
        m[i] = mean;
        v[i] = square;
        top[i] = most;
        p[i] = keepP * p[i] - lr * mean / ((float) Math.sqrt(most) / corr + eps);
      }
    }
  }

  private static final class DoubleSteps extends AdamSteps {
    private final double[] parameters;
    private final double[] gradients;
    private final double[] means;
    private final double[] squares;
    private final double[] largest;

    DoubleSteps(AdamOptions options, boolean decoupled, State state) {
      super(options, decoupled, state);
      parameters = state.arrays().doubleParameters();
      gradients = state.arrays().doubleGradients();
      means = doubles("mean");
      squares = doubles("square");
      largest = options.amsgrad() ? doubles("largest_square") : null;
    }

    @Override
    void plain(
        double sign,
        double shrink,
        double penalty,
        double rate,
        double correction,
        int from,
        int to) {
      double[] p = parameters;
      double[] g = gradients;
      double[] m = means;
      double[] v = squares;
      double eps = options.eps();
      double add1 = 1 - options.beta1();
      double keep2 = options.beta2();
      double add2 = 1 - options.beta2();
      for (int i = from; i < to; i++) {
        double d = sign * g[i] + penalty * p[i];
        double mean = m[i] + add1 * (d - m[i]);
        double square = keep2 * v[i] + add2 * d * d;
        m[i] = mean;
        v[i] = square;
        p[i] = shrink * p[i] - rate * mean / (Math.sqrt(square) / correction + eps);
      }
    }

    @Override
    void amsgrad(
        double sign,
        double shrink,
        double penalty,
        double rate,
        double correction,
        int from,
        int to) {
      double[] p = parameters;
      double[] g = gradients;
      double[] m = means;
      double[] v = squares;
      double[] top = largest;
      double eps = options.eps();
      double add1 = 1 - options.beta1();
      double keep2 = options.beta2();
      double add2 = 1 - options.beta2();
      for (int i = from; i < to; i++) {
        double d = sign * g[i] + penalty * p[i];
        double mean = m[i] + add1 * (d - m[i]);
        double square = keep2 * v[i] + add2 * d * d;
        double most = Math.max(top[i], square);
        m[i] = mean;
        v[i] = square;
        top[i] = most;
        p[i] = shrink * p[i] - rate * mean / (Math.sqrt(most) / correction + eps);
      }
    }
  }
}
