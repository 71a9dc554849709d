package dev.tenon.runtime.train;

import java.util.List;
import java.util.Locale;

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
 */
public record Evaluation(
    int samples, double loss, long labels, long correct, List<Evaluation> outputs) {
  /**
   * Keeps an unmodifiable copy.
   *
   * @param samples number of samples
   * @param loss mean loss
   * @param labels class labels that were judged
   * @param correct labels whose class had the highest score
   * @param outputs how good each output is
   */
  public Evaluation {
    outputs = List.copyOf(outputs);
  }

  /**
   * The evaluation of a network with one output.
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
