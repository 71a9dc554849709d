package dev.tenon.runtime.optim;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.state.State;

/**
 * Stochastic gradient descent, with PyTorch's momentum: the buffer holds gradients, not steps
 * scaled by the learning rate, so a changed rate acts on the whole buffer at once.
 *
 * <pre>
 *   g  += weightDecay * p
 *   buf = g at a parameter's first step, else momentum * buf + (1 - dampening) * g
 *   d   = g without momentum, g + momentum * buf with Nesterov, else buf
 *   p  -= learningRate * d
 * </pre>
 */
public final class Sgd implements OptimizerSpec {
  private static final String NAME = "Sgd";

  private final double learningRate;
  private final double momentum;
  private final double dampening;
  private final double weightDecay;
  private final boolean nesterov;
  private final boolean maximize;

  Sgd(double learningRate) {
    this(Options.notNegative(NAME, "learningRate", learningRate), 0, 0, 0, false, false);
  }

  private Sgd(
      double learningRate,
      double momentum,
      double dampening,
      double weightDecay,
      boolean nesterov,
      boolean maximize) {
    this.learningRate = learningRate;
    this.momentum = momentum;
    this.dampening = dampening;
    this.weightDecay = weightDecay;
    this.nesterov = nesterov;
    this.maximize = maximize;
  }

  /**
   * How much of the buffer stays at each step.
   *
   * @param value finite, at least 0; 0, the default, means no momentum
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Sgd momentum(double value) {
    double checked = Options.notNegative(NAME, "momentum", value);
    return new Sgd(learningRate, checked, dampening, weightDecay, nesterov, maximize);
  }

  /**
   * How much of a new gradient is kept out of the buffer, from a parameter's second step on.
   *
   * @param value finite; 0 is the default
   * @return a changed copy
   * @throws IllegalArgumentException if it is not finite
   */
  public Sgd dampening(double value) {
    double checked = Options.finite(NAME, "dampening", value);
    return new Sgd(learningRate, momentum, checked, weightDecay, nesterov, maximize);
  }

  /**
   * L2 penalty: this times the parameter is added to its gradient.
   *
   * @param value finite, at least 0; 0 is the default
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Sgd weightDecay(double value) {
    double checked = Options.notNegative(NAME, "weightDecay", value);
    return new Sgd(learningRate, momentum, dampening, checked, nesterov, maximize);
  }

  /**
   * Turns on Nesterov momentum, which looks one step ahead. Needs momentum and no dampening.
   *
   * @return a changed copy
   */
  public Sgd nesterov() {
    return new Sgd(learningRate, momentum, dampening, weightDecay, true, maximize);
  }

  /**
   * Climbs instead of descending: gradients are negated before anything else.
   *
   * @return a changed copy
   */
  public Sgd maximize() {
    return new Sgd(learningRate, momentum, dampening, weightDecay, nesterov, true);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException for Nesterov without momentum or with dampening, or a state
   *     without parameters
   */
  @Override
  public Optimizer create(State state) {
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          NAME
              + ": nesterov needs a momentum above 0 and dampening 0, but momentum is "
              + momentum
              + " and dampening is "
              + dampening
              + ".");
    }
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
        + ", momentum="
        + momentum
        + ", dampening="
        + dampening
        + ", weightDecay="
        + weightDecay
        + ", nesterov="
        + nesterov
        + ", maximize="
        + maximize
        + "]";
  }

  private abstract static class Steps extends FlatOptimizer {
    final Sgd options;

    Steps(Sgd options, State state) {
      super(NAME, options.learningRate, options.toString(), state);
      this.options = options;
    }

    @Override
    final void move(long made, double rate, int from, int to) {
      double sign = options.maximize ? -1 : 1;
      if (options.momentum == 0) {
        plain(sign, rate, from, to);
      } else if (options.nesterov) {
        nesterov(sign, rate, from, to);
      } else {
        // The buffer starts at 0, so a first step without dampening stores the gradient itself.
        momentum(sign, made == 0 ? 1 : 1 - options.dampening, rate, from, to);
      }
    }

    abstract void plain(double sign, double rate, int from, int to);

    abstract void momentum(double sign, double share, double rate, int from, int to);

    abstract void nesterov(double sign, double rate, int from, int to);
  }

  /**
   * The loops have no branches and one index for all arrays, so that C2 vectorises them. Without
   * weight decay, {@code 0 * p} adds nothing to a gradient as long as the parameter is finite.
   */
  private static final class FloatSteps extends Steps {
    private final float[] parameters;
    private final float[] gradients;
    private final float[] buffer;

    FloatSteps(Sgd options, State state) {
      super(options, state);
      parameters = state.arrays().floatParameters();
      gradients = state.arrays().floatGradients();
      buffer = options.momentum == 0 ? null : floats("momentum");
    }

    @Override
    void plain(double sign, double rate, int from, int to) {
      float[] p = parameters;
      float[] g = gradients;
      float s = (float) sign;
      float lr = (float) rate;
      float decay = (float) options.weightDecay;
      for (int i = from; i < to; i++) {
        p[i] -= lr * (s * g[i] + decay * p[i]);
      }
    }

    @Override
    void momentum(double sign, double share, double rate, int from, int to) {
      float[] p = parameters;
      float[] g = gradients;
      float[] buf = buffer;
      float s = (float) sign;
      float lr = (float) rate;
      float decay = (float) options.weightDecay;
      float keep = (float) options.momentum;
      float add = (float) share;
      for (int i = from; i < to; i++) {
        float b = keep * buf[i] + add * (s * g[i] + decay * p[i]);
        buf[i] = b;
        p[i] -= lr * b;
      }
    }

    @Override
    void nesterov(double sign, double rate, int from, int to) {
      float[] p = parameters;
      float[] g = gradients;
      float[] buf = buffer;
      float s = (float) sign;
      float lr = (float) rate;
      float decay = (float) options.weightDecay;
      float keep = (float) options.momentum;
      for (int i = from; i < to; i++) {
        float d = s * g[i] + decay * p[i];
        float b = keep * buf[i] + d;
        buf[i] = b;
        p[i] -= lr * (d + keep * b);
      }
    }
  }

  private static final class DoubleSteps extends Steps {
    private final double[] parameters;
    private final double[] gradients;
    private final double[] buffer;

    DoubleSteps(Sgd options, State state) {
      super(options, state);
      parameters = state.arrays().doubleParameters();
      gradients = state.arrays().doubleGradients();
      buffer = options.momentum == 0 ? null : doubles("momentum");
    }

    @Override
    void plain(double sign, double rate, int from, int to) {
      double[] p = parameters;
      double[] g = gradients;
      double decay = options.weightDecay;
      for (int i = from; i < to; i++) {
        p[i] -= rate * (sign * g[i] + decay * p[i]);
      }
    }

    @Override
    void momentum(double sign, double share, double rate, int from, int to) {
      double[] p = parameters;
      double[] g = gradients;
      double[] buf = buffer;
      double decay = options.weightDecay;
      double keep = options.momentum;
      for (int i = from; i < to; i++) {
        double b = keep * buf[i] + share * (sign * g[i] + decay * p[i]);
        buf[i] = b;
        p[i] -= rate * b;
      }
    }

    @Override
    void nesterov(double sign, double rate, int from, int to) {
      double[] p = parameters;
      double[] g = gradients;
      double[] buf = buffer;
      double decay = options.weightDecay;
      double keep = options.momentum;
      for (int i = from; i < to; i++) {
        double d = sign * g[i] + decay * p[i];
        double b = keep * buf[i] + d;
        buf[i] = b;
        p[i] -= rate * (d + keep * b);
      }
    }
  }
}
