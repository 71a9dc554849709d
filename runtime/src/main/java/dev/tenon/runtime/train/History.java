package dev.tenon.runtime.train;

import java.util.List;
import java.util.NoSuchElementException;

/**
 * The reports of one fit.
 *
 * @param epochs one report for every epoch, in order
 */
public record History(List<EpochReport> epochs) {
  /**
   * Keeps an unmodifiable copy.
   *
   * @param epochs one report for every epoch, in order
   */
  public History {
    epochs = List.copyOf(epochs);
  }

  /**
   * The report of the last epoch.
   *
   * @return the last of {@link #epochs}
   * @throws NoSuchElementException if there was none
   */
  public EpochReport last() {
    if (epochs.isEmpty()) {
      throw new NoSuchElementException("History: no epoch was trained.");
    }
    return epochs.get(epochs.size() - 1);
  }
}
