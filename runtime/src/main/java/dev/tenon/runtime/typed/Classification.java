package dev.tenon.runtime.typed;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a network holds a sample to be: one of several labels, each with its probability.
 *
 * @param ranked all labels, the most probable first; those of equal probability in their own order
 * @param <L> an enum, or Boolean
 */
public record Classification<L>(List<Candidate<L>> ranked) {
  /**
   * Sorts the labels.
   *
   * @param ranked all labels, in any order
   */
  public Classification {
    ranked =
        ranked.stream()
            .sorted(Comparator.comparingDouble((Candidate<L> one) -> one.probability()).reversed())
            .toList();
  }

  /**
   * The most probable label.
   *
   * @return the first of {@link #ranked}
   */
  public L label() {
    return ranked.get(0).label();
  }

  /**
   * How probable {@link #label} is.
   *
   * @return in {@code [0, 1]}
   */
  public double probability() {
    return ranked.get(0).probability();
  }

  /**
   * How probable a label is. The probabilities of all labels add up to 1.
   *
   * @param label one of the type's constants
   * @return in {@code [0, 1]}
   * @throws IllegalArgumentException if it is null
   */
  public double probability(L label) {
    for (Candidate<L> candidate : ranked) {
      if (candidate.label().equals(label)) {
        return candidate.probability();
      }
    }
    throw new IllegalArgumentException("Classification: there is no label " + label + ".");
  }

  /** Returns all labels with their probabilities. */
  @Override
  public String toString() {
    return ranked.stream().map(Candidate::toString).collect(Collectors.joining(", "));
  }
}
