package dev.tenon.runtime.typed;

import java.util.Locale;

/**
 * A label and how probable a network holds it to be.
 *
 * @param label what it may be
 * @param probability in {@code [0, 1]}
 * @param <L> type of the label
 */
public record Candidate<L>(L label, double probability) {
  /** Returns the label and its probability in per cent. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.1f %%", label, 100 * probability);
  }
}
