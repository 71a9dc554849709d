package dev.tenon.runtime.train;

import java.util.Locale;

/**
 * How often a fit writes a checkpoint.
 *
 * <pre>{@code
 * trainer.fit(train, 30, fit -> fit.checkpoint(folder, Every.steps(500)));
 * }</pre>
 */
public final class Every {
  private final int count;
  private final boolean steps;

  private Every(String unit, int count, boolean steps) {
    if (count < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Every: the number of %s must be at least 1, but is %d.", unit, count));
    }
    this.count = count;
    this.steps = steps;
  }

  /**
   * After this many steps of the optimiser, counted over all fits.
   *
   * @param count at least 1
   * @return how often
   * @throws IllegalArgumentException for less than 1
   */
  public static Every steps(int count) {
    return new Every("steps", count, true);
  }

  /**
   * After this many epochs, counted over all fits.
   *
   * @param count at least 1
   * @return how often
   * @throws IllegalArgumentException for less than 1
   */
  public static Every epochs(int count) {
    return new Every("epochs", count, false);
  }

  boolean isDueAfterStep(long step) {
    return steps && step % count == 0;
  }

  boolean isDueAfterEpoch(int epoch) {
    return !steps && epoch % count == 0;
  }
}
