package dev.tenon.runtime.train;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How good a model is on a dataset, in evaluation mode.
 *
 * @param samples number of samples
 * @param loss mean loss: the sum of all losses divided by the sum of their weights, whatever the
 *     batches; NaN if every label was ignored
 * @param labels class labels that were judged; 0 when targets are not classes
 * @param correct labels whose class had the highest score
 * @param outputs of a network with several outputs, how good each is by itself, its loss without a
 *     weight; the labels above are then those of all outputs. Empty for one output
 * @param confusion how often each class was taken for which; null where {@link #hasConfusion} is
 *     false
 */
public record Evaluation(
    int samples,
    double loss,
    long labels,
    long correct,
    List<Evaluation> outputs,
    ConfusionMatrix confusion) {
  /**
   * Keeps an unmodifiable copy.
   *
   * @param samples number of samples
   * @param loss mean loss
   * @param labels class labels that were judged
   * @param correct labels whose class had the highest score
   * @param outputs how good each output is
   * @param confusion how often each class was taken for which, or null
   */
  public Evaluation {
    outputs = List.copyOf(outputs);
  }

  /**
   * An evaluation without a confusion matrix.
   *
   * @param samples number of samples
   * @param loss mean loss
   * @param labels class labels that were judged
   * @param correct labels whose class had the highest score
   * @param outputs how good each output is
   */
  public Evaluation(int samples, double loss, long labels, long correct, List<Evaluation> outputs) {
    this(samples, loss, labels, correct, outputs, null);
  }

  /**
   * The evaluation of a network with one output, without a confusion matrix.
   *
   * @param samples number of samples
   * @param loss mean loss
   * @param labels class labels that were judged
   * @param correct labels whose class had the highest score
   */
  public Evaluation(int samples, double loss, long labels, long correct) {
    this(samples, loss, labels, correct, List.of());
  }

  /**
   * Whether there is a confusion matrix.
   *
   * @return true when the targets of the only output were labels of at most 1,000 classes; of a
   *     network with several outputs ask {@link #outputs}
   */
  public boolean hasConfusion() {
    return confusion != null;
  }

  /**
   * How often each class was taken for which, with precision, recall and F1 by class.
   *
   * @return rows are labels, columns predictions
   * @throws IllegalStateException if there is none
   */
  @Override
  public ConfusionMatrix confusion() {
    if (confusion == null) {
      throw new IllegalStateException(
          "Evaluation: there is no confusion matrix, because the targets are not labels of one"
              + " output, of at most 1,000 classes.");
    }
    return confusion;
  }

  /**
   * The same with names for the classes.
   *
   * @param names one for each class, in order
   * @return an evaluation whose confusion matrix shows them
   * @throws IllegalStateException if there is no confusion matrix
   * @throws IllegalArgumentException if their number is not that of the classes
   */
  public Evaluation withLabelNames(List<String> names) {
    Objects.requireNonNull(names, "names");
    return new Evaluation(
        samples, loss, labels, correct, outputs, confusion().withLabelNames(names));
  }

  /**
   * Whether there is an accuracy.
   *
   * @return true when targets were class labels
   */
  public boolean hasAccuracy() {
    return labels > 0;
  }

  /**
   * The share of correct labels.
   *
   * @return in [0, 1]
   * @throws IllegalStateException if no class label was judged
   */
  public double accuracy() {
    if (labels == 0) {
      throw new IllegalStateException(
          "Evaluation: there is no accuracy, because no class label was judged.");
    }
    return (double) correct / labels;
  }

  /** Returns loss and, if there is one, accuracy. */
  @Override
  public String toString() {
    String text = String.format(Locale.ROOT, "loss %.4f on %d samples", loss, samples);
    return hasAccuracy()
        ? text + String.format(Locale.ROOT, ", accuracy %.2f %%", 100 * accuracy())
        : text;
  }
}
