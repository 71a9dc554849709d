package dev.tenon.runtime.train;

import java.util.List;
import java.util.NoSuchElementException;

/**
 * The reports of one fit.
 *
 * @param epochs one report for every epoch that was completed, in order
 * @param reason why it ended
 * @param bestEpoch number of the epoch with the best metric, counted as the reports count; 0 if
 *     there is none
 */
public record History(List<EpochReport> epochs, EndReason reason, int bestEpoch) {
  /**
   * Keeps an unmodifiable copy.
   *
   * @param epochs one report for every epoch, in order
   * @param reason why it ended
   * @param bestEpoch number of the best epoch, or 0
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

  /**
   * The report of the best epoch: of the lowest loss, or what {@link FitOptions#monitor} says. The
   * model is that of this epoch after a fit that {@link FitOptions#keepBest keeps the best}.
   *
   * @return one of {@link #epochs}
   * @throws NoSuchElementException if there is none
   */
  public EpochReport best() {
    return epochs.stream()
        .filter(report -> report.epoch() == bestEpoch)
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("History: no epoch was trained."));
  }

  /** Returns how many epochs there were, why they ended, and the last of them. */
  @Override
  public String toString() {
    return "History of "
        + epochs.size()
        + (epochs.size() == 1 ? " epoch, " : " epochs, ")
        + reason
        + (bestEpoch > 0 && bestEpoch < epochs.get(epochs.size() - 1).epoch()
            ? ", best epoch " + bestEpoch
            : "")
        + (epochs.isEmpty() ? "" : "; last " + last());
  }
}
