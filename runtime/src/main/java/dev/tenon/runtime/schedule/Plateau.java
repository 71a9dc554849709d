package dev.tenon.runtime.schedule;

/**
 * Lowers the learning rate when a metric has stopped getting better for more than {@code patience}
 * epochs (PyTorch's ReduceLROnPlateau). This is the immutable rule; {@link #start} begins to watch.
 *
 * <p>A metric is better than the best so far when it is below {@code best * (1 - threshold)}. NaN
 * is never better.
 */
public final class Plateau {
  static final Plateau DEFAULT = new Plateau(0.1, 10, 1e-4, false, 0, 0, 1e-8, false);

  private static final String NAME = "plateau";

  private final double factor;
  private final int patience;
  private final double threshold;
  private final boolean absolute;
  private final int cooldown;
  private final double min;
  private final double eps;
  private final boolean higherIsBetter;

  private Plateau(
      double factor,
      int patience,
      double threshold,
      boolean absolute,
      int cooldown,
      double min,
      double eps,
      boolean higherIsBetter) {
    this.factor = factor;
    this.patience = patience;
    this.threshold = threshold;
    this.absolute = absolute;
    this.cooldown = cooldown;
    this.min = min;
    this.eps = eps;
    this.higherIsBetter = higherIsBetter;
  }

  /**
   * What the rate is multiplied by.
   *
   * @param value in [0, 1); 0.1 is the default
   * @return a changed copy
   * @throws IllegalArgumentException outside [0, 1)
   */
  public Plateau factor(double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          NAME + ": factor must be in [0, 1), but is " + value + ".");
    }
    return new Plateau(value, patience, threshold, absolute, cooldown, min, eps, higherIsBetter);
  }

  /**
   * How many epochs without a better metric are borne; the next one lowers the rate.
   *
   * @param value at least 0; 10 is the default
   * @return a changed copy
   * @throws IllegalArgumentException for a negative value
   */
  public Plateau patience(int value) {
    Schedules.notNegative(NAME, "patience", value);
    return new Plateau(factor, value, threshold, absolute, cooldown, min, eps, higherIsBetter);
  }

  /**
   * By what share of the best a metric must beat it.
   *
   * @param value finite, at least 0; 1e-4 is the default
   * @return a changed copy
   * @throws IllegalArgumentException for a value out of range
   */
  public Plateau threshold(double value) {
    Schedules.notNegative(NAME, "threshold", value);
    return new Plateau(factor, patience, value, false, cooldown, min, eps, higherIsBetter);
  }

  /**
   * By what amount a metric must beat the best; replaces the relative threshold.
   *
   * @param value finite, at least 0
   * @return a changed copy
   * @throws IllegalArgumentException for a value out of range
   */
  public Plateau absoluteThreshold(double value) {
    Schedules.notNegative(NAME, "absoluteThreshold", value);
    return new Plateau(factor, patience, value, true, cooldown, min, eps, higherIsBetter);
  }

  /**
   * How many epochs after a drop are not counted.
   *
   * @param value at least 0; 0 is the default
   * @return a changed copy
   * @throws IllegalArgumentException for a negative value
   */
  public Plateau cooldown(int value) {
    Schedules.notNegative(NAME, "cooldown", value);
    return new Plateau(factor, patience, threshold, absolute, value, min, eps, higherIsBetter);
  }

  /**
   * The lowest rate.
   *
   * @param value finite, at least 0; 0 is the default
   * @return a changed copy
   * @throws IllegalArgumentException for a value out of range
   */
  public Plateau min(double value) {
    Schedules.notNegative(NAME, "min", value);
    return new Plateau(factor, patience, threshold, absolute, cooldown, value, eps, higherIsBetter);
  }

  /**
   * A drop of at most this is not made.
   *
   * @param value finite, at least 0; 1e-8 is the default
   * @return a changed copy
   * @throws IllegalArgumentException for a value out of range
   */
  public Plateau eps(double value) {
    Schedules.notNegative(NAME, "eps", value);
    return new Plateau(factor, patience, threshold, absolute, cooldown, min, value, higherIsBetter);
  }

  /**
   * For metrics such as accuracy: better is above {@code best * (1 + threshold)}.
   *
   * @return a changed copy
   */
  public Plateau higherIsBetter() {
    return new Plateau(factor, patience, threshold, absolute, cooldown, min, eps, true);
  }

  /**
   * Begins to watch one training run.
   *
   * @return a tracker that has seen nothing yet
   */
  public Tracker start() {
    return new Tracker(this);
  }

  private boolean isBetter(double metric, double best) {
    double margin = absolute ? threshold : best * threshold;
    // An infinite best is the start; a margin of infinity would make the comparison one with NaN.
    if (Double.isInfinite(best)) {
      margin = 0;
    }
    return higherIsBetter ? metric > best + margin : metric < best - margin;
  }

  /** Returns name and options. */
  @Override
  public String toString() {
    return NAME
        + "[factor="
        + factor
        + ", patience="
        + patience
        + ", threshold="
        + threshold
        + (absolute ? " absolute" : "")
        + ", cooldown="
        + cooldown
        + ", min="
        + min
        + ", eps="
        + eps
        + (higherIsBetter ? ", higherIsBetter]" : "]");
  }

  /** What a {@link Plateau} has seen of one run. Not synchronised. */
  public static final class Tracker {
    private final Plateau rule;
    private double best;
    private int badEpochs;
    private int cooling;

    private Tracker(Plateau rule) {
      this.rule = rule;
      best = rule.higherIsBetter ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    /**
     * Takes in the metric of one more epoch.
     *
     * @param learningRate the rate that epoch used
     * @param metric its metric, such as the mean loss
     * @return the rate for the next epoch
     */
    public double next(double learningRate, double metric) {
      if (rule.isBetter(metric, best)) {
        best = metric;
        badEpochs = 0;
      } else {
        badEpochs++;
      }
      if (cooling > 0) {
        cooling--;
        badEpochs = 0;
      }
      if (badEpochs <= rule.patience) {
        return learningRate;
      }
      cooling = rule.cooldown;
      badEpochs = 0;
      double lowered = Math.max(learningRate * rule.factor, rule.min);
      return learningRate - lowered > rule.eps ? lowered : learningRate;
    }

    /**
     * The rule that is followed.
     *
     * @return that this tracker was started from
     */
    public Plateau rule() {
      return rule;
    }

    /**
     * The best metric so far.
     *
     * @return infinite before the first epoch
     */
    public double best() {
      return best;
    }

    /**
     * Epochs in a row that were not better.
     *
     * @return at least 0
     */
    public int badEpochs() {
      return badEpochs;
    }

    /**
     * Epochs that are not counted any more after a drop.
     *
     * @return at least 0
     */
    public int cooling() {
      return cooling;
    }

    /**
     * Goes on from what another tracker of the same rule has seen.
     *
     * @param newBest its {@link #best}
     * @param newBadEpochs its {@link #badEpochs}
     * @param newCooling its {@link #cooling}
     * @throws IllegalArgumentException if a number of epochs is negative; nothing is changed then
     */
    public void restore(double newBest, int newBadEpochs, int newCooling) {
      Schedules.notNegative(NAME, "badEpochs", newBadEpochs);
      Schedules.notNegative(NAME, "cooling", newCooling);
      best = newBest;
      badEpochs = newBadEpochs;
      cooling = newCooling;
    }
  }
}
