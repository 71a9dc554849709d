package dev.tenon.runtime.train;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How often each class was taken for which, and what follows from that by class: with the counts
 * tp, fp and fn of a class that were rightly, wrongly and wrongly not predicted,
 *
 * <pre>
 *   precision = tp / (tp + fp)
 *   recall    = tp / (tp + fn)
 *   F1        = 2 tp / (2 tp + fp + fn)
 * </pre>
 *
 * <p>A quotient of nothing is 0, as in scikit-learn. Immutable.
 */
public final class ConfusionMatrix {
  private final long[][] counts;
  private final List<String> names;

  private ConfusionMatrix(long[][] counts, List<String> names) {
    this.counts = counts;
    this.names = names;
  }

  /**
   * A matrix of counts; classes are named by their numbers.
   *
   * @param counts {@code [label][prediction]}, as many of one as of the other; copied
   * @return the matrix
   * @throws IllegalArgumentException if it is not square, or a count is negative
   */
  public static ConfusionMatrix of(long[][] counts) {
    Objects.requireNonNull(counts, "counts");
    long[][] copy = new long[counts.length][];
    for (int label = 0; label < counts.length; label++) {
      copy[label] = counts[label].clone();
      if (copy[label].length != counts.length || Arrays.stream(copy[label]).anyMatch(c -> c < 0)) {
        throw new IllegalArgumentException(
            "ConfusionMatrix: row "
                + label
                + " must have "
                + counts.length
                + " counts of at least 0, but is "
                + Arrays.toString(counts[label])
                + ".");
      }
    }
    return new ConfusionMatrix(
        copy, IntStream.range(0, counts.length).mapToObj(Integer::toString).toList());
  }

  /**
   * Counts pairs.
   *
   * @param classes how many classes there are
   * @param labels what is right, one for each sample; what is no class is left out
   * @param predictions what was said, one for each sample
   * @return the matrix
   * @throws IllegalArgumentException if there are more of one than of the other, or a prediction is
   *     no class
   */
  public static ConfusionMatrix of(int classes, int[] labels, int[] predictions) {
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(predictions, "predictions");
    if (labels.length != predictions.length) {
      throw new IllegalArgumentException(
          "ConfusionMatrix: there are "
              + labels.length
              + " labels, but "
              + predictions.length
              + " predictions.");
    }
    long[][] counts = new long[classes][classes];
    for (int i = 0; i < labels.length; i++) {
      if (predictions[i] < 0 || predictions[i] >= classes) {
        throw new IllegalArgumentException(
            "ConfusionMatrix: prediction "
                + predictions[i]
                + " of sample "
                + i
                + " is outside [0, "
                + classes
                + ").");
      }
      if (labels[i] >= 0 && labels[i] < classes) {
        counts[labels[i]][predictions[i]]++;
      }
    }
    return of(counts);
  }

  /**
   * The same with names for the classes.
   *
   * @param newNames one for each class, in order
   * @return a matrix that shows them
   * @throws IllegalArgumentException if their number is not that of the classes
   */
  public ConfusionMatrix withLabelNames(List<String> newNames) {
    Objects.requireNonNull(newNames, "newNames");
    if (newNames.size() != counts.length) {
      throw new IllegalArgumentException(
          "ConfusionMatrix: there are "
              + counts.length
              + " classes, but "
              + newNames.size()
              + " names.");
    }
    return new ConfusionMatrix(counts, List.copyOf(newNames));
  }

  /**
   * The number of classes.
   *
   * @return at least 0
   */
  public int classes() {
    return counts.length;
  }

  /**
   * The names of the classes.
   *
   * @return an unmodifiable list; numbers from 0 unless {@link #withLabelNames} gave others
   */
  public List<String> labelNames() {
    return names;
  }

  /**
   * How often a class was predicted for a label.
   *
   * @param label what is right
   * @param prediction what was said
   * @return at least 0
   * @throws IndexOutOfBoundsException if either is no class
   */
  public long count(int label, int prediction) {
    Objects.checkIndex(label, counts.length);
    return counts[label][Objects.checkIndex(prediction, counts.length)];
  }

  /**
   * How many samples have a label.
   *
   * @param label the class
   * @return the sum of its row
   * @throws IndexOutOfBoundsException if it is no class
   */
  public long support(int label) {
    Objects.checkIndex(label, counts.length);
    return Arrays.stream(counts[label]).sum();
  }

  private long predicted(int prediction) {
    Objects.checkIndex(prediction, counts.length);
    long sum = 0;
    for (long[] row : counts) {
      sum += row[prediction];
    }
    return sum;
  }

  /**
   * The number of samples that were judged.
   *
   * @return the sum of all counts
   */
  public long total() {
    return IntStream.range(0, counts.length).mapToLong(this::support).sum();
  }

  /**
   * The share of right predictions.
   *
   * @return in [0, 1]; 0 if nothing was judged
   */
  public double accuracy() {
    long right = 0;
    for (int k = 0; k < counts.length; k++) {
      right += counts[k][k];
    }
    return share(right, total());
  }

  /**
   * Of the predictions of a class, the share that is right.
   *
   * @param label the class
   * @return in [0, 1]; 0 if it was never predicted
   * @throws IndexOutOfBoundsException if it is no class
   */
  public double precision(int label) {
    return share(count(label, label), predicted(label));
  }

  /**
   * Of the samples of a class, the share that was found.
   *
   * @param label the class
   * @return in [0, 1]; 0 if there is none
   * @throws IndexOutOfBoundsException if it is no class
   */
  public double recall(int label) {
    return share(count(label, label), support(label));
  }

  /**
   * The harmonic mean of precision and recall.
   *
   * @param label the class
   * @return in [0, 1]; 0 if the class was neither there nor predicted
   * @throws IndexOutOfBoundsException if it is no class
   */
  public double f1(int label) {
    return share(2 * count(label, label), predicted(label) + support(label));
  }

  /**
   * The mean of F1 over the classes, each counting alike.
   *
   * @return in [0, 1]
   */
  public double macroF1() {
    double sum = 0;
    for (int k = 0; k < counts.length; k++) {
      sum += f1(k);
    }
    return counts.length == 0 ? 0 : sum / counts.length;
  }

  /**
   * The mean of F1 over the classes, each counting by its samples.
   *
   * @return in [0, 1]
   */
  public double weightedF1() {
    double sum = 0;
    for (int k = 0; k < counts.length; k++) {
      sum += support(k) * f1(k);
    }
    return total() == 0 ? 0 : sum / total();
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix matrix
        && Arrays.deepEquals(counts, matrix.counts)
        && names.equals(matrix.names);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.deepHashCode(counts) + names.hashCode();
  }

  /**
   * Returns a table: a line for each label with its predictions, precision, recall, F1 and support.
   */
  @Override
  public String toString() {
    int first = "label".length();
    for (String name : names) {
      first = Math.max(first, name.length());
    }
    int[] widths = new int[counts.length];
    for (int k = 0; k < widths.length; k++) {
      widths[k] = names.get(k).length();
      for (long[] row : counts) {
        widths[k] = Math.max(widths[k], Long.toString(row[k]).length());
      }
    }
    StringBuilder text = new StringBuilder(left("label", first));
    for (int k = 0; k < widths.length; k++) {
      text.append("  ").append(right(names.get(k), widths[k]));
    }
    text.append("  precision  recall      F1  support");
    for (int k = 0; k < counts.length; k++) {
      text.append('\n').append(left(names.get(k), first));
      for (int p = 0; p < counts.length; p++) {
        text.append("  ").append(right(Long.toString(counts[k][p]), widths[p]));
      }
      text.append(
          String.format(
              Locale.ROOT,
              "  %9.4f  %6.4f  %6.4f  %7d",
              precision(k),
              recall(k),
              f1(k),
              support(k)));
    }
    return text.toString();
  }

  private static String left(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String right(String text, int width) {
    return " ".repeat(width - text.length()) + text;
  }
}
