package dev.tenon.runtime.train;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import java.util.Objects;

/** Counts how often the class with the highest score is the right one. */
public final class Accuracy {
  private Accuracy() {}

  /**
   * Counts correct predictions. Allocates nothing.
   *
   * @param prediction scores, {@code [batch, classes]} or {@code [batch, classes, ...]}
   * @param labels one for every sample and position; a label that is no class, such as an ignored
   *     one, counts as wrong: {@link #judged} says how many are classes
   * @return positions whose highest score is that of their label; among equal scores the first
   *     counts as highest, and NaN is higher than any number, as in PyTorch
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public static int correct(Tensor prediction, int[] labels) {
    int positions = positions(prediction, labels);
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      if (argmax(prediction, positions, i) == labels[i]) {
        correct++;
      }
    }
    return correct;
  }

  /**
   * Counts the labels that are classes of a prediction.
   *
   * @param prediction scores, {@code [batch, classes]} or {@code [batch, classes, ...]}
   * @param labels one for every sample and position
   * @return labels in {@code [0, classes)}
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public static int judged(Tensor prediction, int[] labels) {
    positions(prediction, labels);
    int classes = prediction.dim(1);
    int judged = 0;
    for (int label : labels) {
      if (label >= 0 && label < classes) {
        judged++;
      }
    }
    return judged;
  }

  /**
   * Adds to a matrix how often each class was predicted for each label.
   *
   * @param counts {@code [label][prediction]}
   * @return how many of the labels are classes
   */
  static long count(Tensor prediction, int[] labels, long[][] counts) {
    int positions = positions(prediction, labels);
    long judged = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= 0 && labels[i] < counts.length) {
        counts[labels[i]][argmax(prediction, positions, i)]++;
        judged++;
      }
    }
    return judged;
  }

  private static int argmax(Tensor prediction, int positions, int i) {
    int classes = prediction.dim(1);
    int first = prediction.offset() + i / positions * classes * positions + i % positions;
    boolean single = prediction.dtype() == DType.FLOAT32;
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      int at = first + k * positions;
      double score = single ? prediction.floatArray()[at] : prediction.doubleArray()[at];
      if (Double.isNaN(score)) {
        return k;
      }
      if (score > highest) {
        highest = score;
        best = k;
      }
    }
    return best;
  }

  private static int positions(Tensor prediction, int[] labels) {
    Objects.requireNonNull(prediction, "prediction");
    Objects.requireNonNull(labels, "labels");
    int positions = 1;
    for (int axis = 2; axis < prediction.rank(); axis++) {
      positions *= prediction.dim(axis);
    }
    if (prediction.rank() < 2 || prediction.dim(0) * positions != labels.length) {
      throw new IllegalArgumentException(
          "Accuracy: a prediction of "
              + prediction.describe()
              + " does not fit "
              + labels.length
              + " labels; expected [batch, classes, ...] with one label for every position.");
    }
    return positions;
  }
}
