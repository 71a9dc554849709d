package dev.tenon.processor.differential;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Compares results, by name, with those of the interpreter.
 *
 * <p>Two computations that differ only in rounding agree to a few units in the last place of the
 * largest value of a tensor, unless the network itself magnifies rounding errors: a batch norm over
 * two nearly equal values, an activation next to its kink, a window with two nearly equal maxima, a
 * gradient that is zero but for rounding (that of a bias in front of a batch norm). No fixed
 * tolerance fits those. So there are two steps:
 *
 * <ol>
 *   <li>Every value within {@link #FLOAT64} or {@link #FLOAT32} of the largest finite value of its
 *       tensor is right. In float64 that is some thousands of roundings (2^-53 each), room for
 *       twelve layers; in float32 it is the tolerance that the fixtures have, some hundred
 *       roundings (2^-24 each).
 *   <li>Otherwise the interpreter runs again with every result of an operation disturbed at random
 *       by up to {@value #DISTURBANCE} units in the last place (Monte Carlo arithmetic: Parker,
 *       1997), many times if need be. What the network makes of these disturbances is how well the
 *       tensor is determined at all, and a difference of at most {@value #MARGIN} times that is
 *       right too. A mistake in the code cannot hide there, because the interpreter does not make
 *       it, however disturbed.
 *   <li>A step whose results are rounding errors and nothing else decides nothing: such as when a
 *       normalisation with {@code eps = 0} divides the means of channels that are 0 but for
 *       rounding. It is passed over, and counted, when that holds for most of what it computes, so
 *       that the disturbances change it by half of its own size or more; a single gradient that
 *       ought to be 0 does not excuse anything.
 * </ol>
 */
final class Comparison {
  /** Relative to the largest value of a tensor. */
  static final double FLOAT64 = 1e-12;

  /** Relative to the largest value of a tensor. */
  static final double FLOAT32 = 1e-5;

  /** In units of half the last place. */
  static final int DISTURBANCE = 4;

  private static final int MARGIN = 2;
  private static final int MOST_RUNS = 64;

  private final double tolerance;
  private final Statistics statistics;

  /** How often what was compared, over all networks. */
  static final class Statistics {
    long steps;
    long undetermined;
    long tensors;
    long disturbed;

    /** Largest difference of the tensors that no disturbance had to decide, by their tolerance. */
    double largest;

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d tensors of %d steps compared, %d of them by disturbed runs; largest other difference"
              + " %.1e; %d more steps gave rounding errors only",
          tensors,
          steps,
          disturbed,
          largest,
          undetermined);
    }
  }

  Comparison(boolean isDouble, Statistics statistics) {
    this.tolerance = isDouble ? FLOAT64 : FLOAT32;
    this.statistics = statistics;
  }

  /**
   * Compares.
   *
   * @param disturbed the expected results of a run of the interpreter that is disturbed by random
   *     numbers of this seed
   * @throws AssertionError with the first value that differs
   */
  void check(
      String where,
      Map<String, double[]> actual,
      Map<String, double[]> expected,
      Function<Integer, Map<String, double[]>> disturbed) {
    if (!actual.keySet().equals(expected.keySet())) {
      throw new AssertionError(where + ": " + actual.keySet() + ", not " + expected.keySet());
    }
    Map<String, Double> open = new TreeMap<>();
    expected.forEach(
        (name, values) -> {
          double difference = difference(where + name, actual.get(name), values);
          double limit = tolerance * magnitude(values);
          statistics.tensors++;
          if (difference > limit) {
            statistics.disturbed++;
            open.put(name, difference);
          } else if (difference > 0) {
            statistics.largest = Math.max(statistics.largest, difference / magnitude(values));
          }
        });
    Map<String, Double> spread = new TreeMap<>();
    for (int run = 0; run < MOST_RUNS && !open.isEmpty(); run++) {
      Map<String, double[]> results = disturbed.apply(run);
      expected.forEach(
          (name, values) ->
              spread.merge(name, difference("", results.get(name), values), Math::max));
      open.entrySet().removeIf(entry -> entry.getValue() <= MARGIN * spread.get(entry.getKey()));
    }
    if (!open.isEmpty() && isNoise(expected, spread)) {
      statistics.undetermined++;
      return;
    }
    statistics.steps++;
    for (String name : open.keySet()) {
      fail(where + name, actual.get(name), expected.get(name), spread.get(name));
    }
  }

  /** Whether the disturbances change most of what they reach by half of its size or more. */
  private static boolean isNoise(Map<String, double[]> expected, Map<String, Double> spread) {
    long reached = spread.values().stream().filter(distance -> distance > 0).count();
    long noise =
        spread.entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .filter(entry -> entry.getValue() >= magnitude(expected.get(entry.getKey())) / 2)
            .count();
    return 2 * noise > reached;
  }

  /** The largest; infinite for NaN against a number. */
  private static double difference(String what, double[] actual, double[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionError(what + " has " + actual.length + " values, not " + expected.length);
    }
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, difference(actual[i], expected[i]));
    }
    return largest;
  }

  private static double difference(double actual, double expected) {
    if (actual == expected || (Double.isNaN(actual) && Double.isNaN(expected))) {
      return 0;
    }
    double difference = Math.abs(actual - expected);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }

  private static double magnitude(double[] values) {
    double largest = 0;
    for (double value : values) {
      if (Double.isFinite(value)) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  private void fail(String what, double[] actual, double[] expected, double spread) {
    double limit = Math.max(tolerance * magnitude(expected), MARGIN * spread);
    int differing = 0;
    int first = -1;
    for (int i = 0; i < expected.length; i++) {
      if (difference(actual[i], expected[i]) > limit) {
        differing++;
        first = first < 0 ? i : first;
      }
    }
    throw new AssertionError(
        what
            + "["
            + first
            + "] is "
            + actual[first]
            + ", but the interpreter gives "
            + expected[first]
            + "; allowed is a difference of "
            + limit
            + ". "
            + differing
            + " of "
            + expected.length
            + " values differ.");
  }
}
