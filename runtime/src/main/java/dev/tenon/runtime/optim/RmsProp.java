package dev.tenon.runtime.optim;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.state.State;

/**
 * RMSprop (T. Tieleman and G. Hinton, <i>Lecture 6.5</i> of Neural Networks for Machine Learning,
 * 2012; centred: A. Graves, <i>Generating Sequences With Recurrent Neural Networks</i>, 2013).
 *
 * <pre>
 *   g  += weightDecay * p
 *   s   = alpha s + (1 - alpha) g^2
 *   q   = sqrt(s) + eps                            centred: a = alpha a + (1 - alpha) g,
 *                                                  q = sqrt(s - a^2) + eps
 *   p  -= learningRate * g / q                     with momentum: buf = momentum buf + g / q,
 *                                                  p -= learningRate * buf
 * </pre>
 */
public final class RmsProp implements OptimizerSpec {
  private static final String NAME = "RmsProp";

  private final double learningRate;
  private final double alpha;
  private final double eps;
  private final double weightDecay;
  private final double momentum;
  private final boolean centered;
  private final boolean maximize;

  RmsProp(double learningRate) {
    this(Options.notNegative(NAME, "learningRate", learningRate), 0.99, 1e-8, 0, 0, false, false);
  }

  private RmsProp(
      double learningRate,
      double alpha,
      double eps,
      double weightDecay,
      double momentum,
      boolean centered,
      boolean maximize) {
    this.learningRate = learningRate;
    this.alpha = alpha;
    this.eps = eps;
    this.weightDecay = weightDecay;
    this.momentum = momentum;
    this.centered = centered;
    this.maximize = maximize;
  }

  /**
   * How much of the average of the squares stays at each step.
   *
   * @param value in [0, 1]; 0.99 is the default
   * @return a changed copy
   * @throws IllegalArgumentException outside [0, 1]
   */
  public RmsProp alpha(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(NAME + ": alpha must be in [0, 1], but is " + value + ".");
    }
    return new RmsProp(learningRate, value, eps, weightDecay, momentum, centered, maximize);
  }

  /**
   * Added to the square root, which it keeps away from zero.
   *
   * @param value finite, at least 0; 1e-8 is the default
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public RmsProp eps(double value) {
    double checked = Options.notNegative(NAME, "eps", value);
    return new RmsProp(learningRate, alpha, checked, weightDecay, momentum, centered, maximize);
  }

  /**
   * L2 penalty: this times the parameter is added to its gradient.
   *
   * @param value finite, at least 0; 0 is the default
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public RmsProp weightDecay(double value) {
    double checked = Options.notNegative(NAME, "weightDecay", value);
    return new RmsProp(learningRate, alpha, eps, checked, momentum, centered, maximize);
  }

  /**
   * How much of the buffer stays at each step.
   *
   * @param value finite, at least 0; 0, the default, means no momentum
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public RmsProp momentum(double value) {
    double checked = Options.notNegative(NAME, "momentum", value);
    return new RmsProp(learningRate, alpha, eps, weightDecay, checked, centered, maximize);
  }

  /**
   * Divides by the deviation of the gradient rather than by its size.
   *
   * @return a changed copy
   */
  public RmsProp centered() {
    return new RmsProp(learningRate, alpha, eps, weightDecay, momentum, true, maximize);
  }

  /**
   * Climbs instead of descending: gradients are negated before anything else.
   *
   * @return a changed copy
   */
  public RmsProp maximize() {
    return new RmsProp(learningRate, alpha, eps, weightDecay, momentum, centered, true);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the state has no parameters
   */
  @Override
  public Optimizer create(State state) {
    Options.withParameters(NAME, state);
    return state.dtype() == DType.FLOAT32
        ? new FloatSteps(this, state)
        : new DoubleSteps(this, state);
  }

  /** Returns name and options. */
  @Override
  public String toString() {
    return NAME
        + "[learningRate="
        + learningRate
        + ", alpha="
        + alpha
        + ", eps="
        + eps
        + ", weightDecay="
        + weightDecay
        + ", momentum="
        + momentum
        + ", centered="
        + centered
        + ", maximize="
        + maximize
        + "]";
  }

  private abstract static class Steps extends FlatOptimizer {
    final RmsProp options;

    Steps(RmsProp options, State state) {
      super(NAME, options.learningRate, options.toString(), state);
      this.options = options;
    }

    @Override
    final void move(long made, double rate, int from, int to) {
      // A centred average that is not wanted stays 0, and so takes nothing away.
      step(options.centered ? 1 - options.alpha : 0, rate, from, to);
    }

    abstract void step(double addMean, double rate, int from, int to);
  }

  /**
   * Without momentum the buffer is what is added to it: {@code 0 * buf} is 0 while it is finite.
   */
  private static final class FloatSteps extends Steps {
    private final float[] parameters;
    private final float[] gradients;
    private final float[] squares;
    private final float[] means;
    private final float[] buffer;

    FloatSteps(RmsProp options, State state) {
      super(options, state);
      parameters = state.arrays().floatParameters();
      gradients = state.arrays().floatGradients();
      squares = floats("square");
      means = floats("mean");
      buffer = floats("momentum");
    }

    @Override
    void step(double addMean, double rate, int from, int to) {
      float[] p = parameters;
      float[] g = gradients;
      float[] v = squares;
      float[] m = means;
      float[] buf = buffer;
      float sign = options.maximize ? -1 : 1;
      float decay = (float) options.weightDecay;
      float keep = (float) options.alpha;
      float add = (float) (1 - options.alpha);
      float addM = (float) addMean;
      float eps = (float) options.eps;
      float keepB = (float) options.momentum;
      float lr = (float) rate;
      for (int i = from; i < to; i++) {
        float d = sign * g[i] + decay * p[i];
        float square = keep * v[i] + add * d * d;
        float mean = keep * m[i] + addM * d;
        float b = keepB * buf[i] + d / ((float) Math.sqrt(square - mean * mean) + eps);
        v[i] = square;
        m[i] = mean;
        buf[i] = b;
        p[i] -= lr * b;
      }
    }
  }

  private static final class DoubleSteps extends Steps {
    private final double[] parameters;
    private final double[] gradients;
    private final double[] squares;
    private final double[] means;
    private final double[] buffer;

    DoubleSteps(RmsProp options, State state) {
      super(options, state);
      parameters = state.arrays().doubleParameters();
      gradients = state.arrays().doubleGradients();
      squares = doubles("square");
      means = doubles("mean");
      buffer = doubles("momentum");
    }

    @Override
    void step(double addMean, double rate, int from, int to) {
      double[] p = parameters;
      double[] g = gradients;
      double[] v = squares;
      double[] m = means;
      double[] buf = buffer;
      double sign = options.maximize ? -1 : 1;
      double keep = options.alpha;
      double add = 1 - options.alpha;
      for (int i = from; i < to; i++) {
        double d = sign * g[i] + options.weightDecay * p[i];
        double square = keep * v[i] + add * d * d;
        double mean = keep * m[i] + addMean * d;
        double b = options.momentum * buf[i] + d / (Math.sqrt(square - mean * mean) + options.eps);
        v[i] = square;
        m[i] = mean;
        buf[i] = b;
        p[i] -= rate * b;
      }
    }
  }
}
