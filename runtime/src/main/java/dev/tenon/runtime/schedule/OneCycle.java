package dev.tenon.runtime.schedule;

/**
 * One rise from {@code max / div} to {@code max}, then one fall to {@code max / div / finalDiv}
 * (Smith and Topin, <i>Super-Convergence</i>, 2018). Meant to be stepped once per batch. Only the
 * learning rate moves; PyTorch also cycles the momentum unless told not to.
 *
 * <p>The peak lies at step {@code pctStart * total - 1}, as in PyTorch. Immutable.
 */
public final class OneCycle implements Schedule {
  private static final String NAME = "oneCycle";

  private final double max;
  private final int total;
  private final double pctStart;
  private final double div;
  private final double finalDiv;
  private final boolean linear;

  OneCycle(double max, int total) {
    this(max, total, 0.3, 25, 1e4, false);
    above(0, "max", max);
    if (total < 2) {
      throw new IllegalArgumentException(
          NAME + ": total must be at least 2, but is " + total + ".");
    }
  }

  private OneCycle(
      double max, int total, double pctStart, double div, double finalDiv, boolean linear) {
    this.max = max;
    this.total = total;
    this.pctStart = pctStart;
    this.div = div;
    this.finalDiv = finalDiv;
    this.linear = linear;
  }

  /**
   * The share of the run that rises.
   *
   * @param value in [0, 1]; 0.3 is the default
   * @return a changed copy
   * @throws IllegalArgumentException outside [0, 1]
   */
  public OneCycle pctStart(double value) {
    Schedules.inUnit(NAME, "pctStart", value);
    return new OneCycle(max, total, value, div, finalDiv, linear);
  }

  /**
   * How much lower than the highest rate the first one is.
   *
   * @param value finite, above 0; 25 is the default
   * @return a changed copy
   * @throws IllegalArgumentException for a value out of range
   */
  public OneCycle div(double value) {
    above(0, "div", value);
    return new OneCycle(max, total, pctStart, value, finalDiv, linear);
  }

  /**
   * How much lower than the first rate the last one is.
   *
   * @param value finite, above 0; 1e4 is the default
   * @return a changed copy
   * @throws IllegalArgumentException for a value out of range
   */
  public OneCycle finalDiv(double value) {
    above(0, "finalDiv", value);
    return new OneCycle(max, total, pctStart, div, value, linear);
  }

  /**
   * Rises and falls along straight lines instead of cosines.
   *
   * @return a changed copy
   */
  public OneCycle linear() {
    return new OneCycle(max, total, pctStart, div, finalDiv, true);
  }

  /**
   * {@inheritDoc}
   *
   * @param base not used: the rates follow from the maximum
   * @throws IllegalArgumentException if the step is not below the total
   */
  @Override
  public double learningRate(double base, long step) {
    if (step >= total) {
      throw new IllegalArgumentException(
          NAME
              + ": step "
              + step
              + " lies behind the end: the schedule was made for "
              + total
              + " steps, numbered from 0. Make it for all the steps of the run.");
    }
    double first = max / div;
    double peak = pctStart * total - 1;
    double last = total - 1;
    if (step <= peak) {
      // A peak at step 0 leaves nothing to rise through.
      return between(first, max, peak == 0 ? 1 : step / peak);
    }
    return between(max, first / finalDiv, (step - peak) / (last - peak));
  }

  private double between(double from, double to, double share) {
    return linear ? from + (to - from) * share : Schedules.between(from, to, share);
  }

  private static void above(double bound, String name, double value) {
    if (!(value > bound) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          NAME + ": " + name + " must be finite and above " + bound + ", but is " + value + ".");
    }
  }
}
