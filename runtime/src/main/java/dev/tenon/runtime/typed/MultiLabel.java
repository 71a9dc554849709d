package dev.tenon.runtime.typed;

import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Which of several things a network holds to be true of a sample, each for itself.
 *
 * @param labels a record of booleans: true where the probability is above 0.5
 * @param ranked the record's components by name, the most probable first
 * @param <L> a record of booleans
 */
public record MultiLabel<L>(L labels, List<Candidate<String>> ranked) {
  /**
   * Sorts the components.
   *
   * @param labels a record of booleans
   * @param ranked its components in any order
   */
  public MultiLabel {
    ranked =
        ranked.stream()
            .sorted(
                Comparator.comparingDouble((Candidate<String> one) -> one.probability()).reversed())
            .toList();
  }

  /**
   * How probable it is that a component is true.
   *
   * @param component its name, or the path of one in a nested record: {@code colours.red}
   * @return in {@code [0, 1]}
   * @throws NoSuchElementException if there is none of that name; the message lists what there is
   */
  public double probability(String component) {
    Objects.requireNonNull(component, "component");
    for (Candidate<String> candidate : ranked) {
      if (candidate.label().equals(component)) {
        return candidate.probability();
      }
    }
    throw new NoSuchElementException(
        "MultiLabel: there is no component \""
            + component
            + "\". Known: "
            + ranked.stream().map(Candidate::label).sorted().collect(Collectors.joining(", "))
            + ".");
  }

  /** Returns all components with their probabilities. */
  @Override
  public String toString() {
    return ranked.stream().map(Candidate::toString).collect(Collectors.joining(", "));
  }
}
