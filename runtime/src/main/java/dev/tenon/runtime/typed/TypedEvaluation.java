package dev.tenon.runtime.typed;

import dev.tenon.runtime.train.ConfusionMatrix;
import dev.tenon.runtime.train.Evaluation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * How good a typed model is on a dataset, in evaluation mode, in terms of its labels: for an enum
 * or a boolean the accuracy, and precision, recall and F1 of each label; for a record of booleans a
 * confusion matrix of each component; for numbers their errors in the label's own unit.
 *
 * @param <L> what a label is
 */
public final class TypedEvaluation<L> {
  private final String network;
  private final Evaluation evaluation;
  private final List<L> labels;
  private final Map<String, ConfusionMatrix> confusions;
  private final List<NumberErrors> errors;

  private TypedEvaluation(
      String network,
      Evaluation evaluation,
      List<L> labels,
      Map<String, ConfusionMatrix> confusions,
      List<NumberErrors> errors) {
    this.network = network;
    this.evaluation = evaluation;
    this.labels = labels;
    this.confusions = confusions;
    this.errors = errors;
  }

  static <L> TypedEvaluation<L> ofClasses(
      String network, Evaluation evaluation, List<L> labels, ConfusionMatrix confusion) {
    return new TypedEvaluation<>(network, evaluation, labels, Map.of("", confusion), List.of());
  }

  static <L> TypedEvaluation<L> ofFlags(
      String network, Evaluation evaluation, Map<String, ConfusionMatrix> confusions) {
    return new TypedEvaluation<>(network, evaluation, List.of(), confusions, List.of());
  }

  static <L> TypedEvaluation<L> ofNumbers(
      String network, Evaluation evaluation, List<NumberErrors> errors) {
    return new TypedEvaluation<>(network, evaluation, List.of(), Map.of(), List.copyOf(errors));
  }

  /**
   * The number of samples.
   *
   * @return at least 0
   */
  public int samples() {
    return evaluation.samples();
  }

  /**
   * The mean of the loss that goes with the labels; of normalised labels where the network
   * normalises them.
   *
   * @return NaN without a sample
   */
  public double loss() {
    return evaluation.loss();
  }

  /**
   * The same in terms of tensors, as a trainer gives it.
   *
   * @return what the trainer found
   */
  public Evaluation evaluation() {
    return evaluation;
  }

  /**
   * Whether there is an accuracy.
   *
   * @return true for samples whose label is an enum or a boolean
   */
  public boolean hasAccuracy() {
    return !labels.isEmpty() && samples() > 0;
  }

  /**
   * The share of samples whose most probable label is theirs.
   *
   * @return in [0, 1]
   * @throws IllegalStateException if labels are records, or there is no sample
   */
  public double accuracy() {
    if (samples() == 0) {
      throw new IllegalStateException(network + ": there is no accuracy without a sample.");
    }
    return confusion().accuracy();
  }

  /**
   * How often which label was predicted for which.
   *
   * @return its rows are true labels, its columns predicted ones, in the order of the constants and
   *     with their names; {@code false} and {@code true} for a boolean
   * @throws IllegalStateException if labels are records
   */
  public ConfusionMatrix confusion() {
    if (labels.isEmpty()) {
      throw new IllegalStateException(
          network
              + ": there are no classes, because labels are records. "
              + (errors.isEmpty()
                  ? "confusion(component) is that of one boolean."
                  : "errors() has how far numbers are off."));
    }
    return confusions.get("");
  }

  /**
   * How often a boolean of a record was predicted right.
   *
   * @param component its name, or the path of one in a nested record
   * @return rows and columns are {@code false} and {@code true}
   * @throws NoSuchElementException if there is none of that name; the message lists what there is
   */
  public ConfusionMatrix confusion(String component) {
    Objects.requireNonNull(component, "component");
    ConfusionMatrix confusion = component.isEmpty() ? null : confusions.get(component);
    if (confusion == null) {
      throw new NoSuchElementException(
          network
              + ": there is no boolean component \""
              + component
              + "\" among the labels."
              + (labels.isEmpty() && !confusions.isEmpty()
                  ? " Known: " + String.join(", ", confusions.keySet()) + "."
                  : ""));
    }
    return confusion;
  }

  /**
   * Of the samples that were predicted to have a label, the share that has it.
   *
   * @param label one of the labels
   * @return in [0, 1]; 0 if none was predicted
   * @throws IllegalStateException if labels are records
   */
  public double precision(L label) {
    Objects.requireNonNull(label, "label");
    return confusion().precision(number(label));
  }

  /**
   * Of the samples that have a label, the share that was predicted to have it.
   *
   * @param label one of the labels
   * @return in [0, 1]; 0 if none has it
   * @throws IllegalStateException if labels are records
   */
  public double recall(L label) {
    Objects.requireNonNull(label, "label");
    return confusion().recall(number(label));
  }

  /**
   * The harmonic mean of {@link #precision} and {@link #recall}.
   *
   * @param label one of the labels
   * @return in [0, 1]; 0 if none was predicted and none has it
   * @throws IllegalStateException if labels are records
   */
  public double f1(L label) {
    Objects.requireNonNull(label, "label");
    return confusion().f1(number(label));
  }

  private int number(L label) {
    int number = labels.indexOf(label);
    if (number < 0) {
      throw new IllegalArgumentException(network + ": there is no label " + label + ".");
    }
    return number;
  }

  /**
   * How far predicted numbers are off, for each component of the label.
   *
   * @return in the order of the components; empty if labels are no numbers
   */
  public List<NumberErrors> errors() {
    return errors;
  }

  /**
   * How far the predicted numbers of one component are off.
   *
   * @param component its name, such as {@code euro}, {@code bounds[1]} or {@code home.value}
   * @return its errors
   * @throws NoSuchElementException if there is none of that name; the message lists what there is
   */
  public NumberErrors errors(String component) {
    Objects.requireNonNull(component, "component");
    return errors.stream()
        .filter(one -> one.component().equals(component))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    network
                        + ": there is no number \""
                        + component
                        + "\" among the labels."
                        + (errors.isEmpty() ? "" : " Known: " + names() + ".")));
  }

  /**
   * The mean absolute error of a label of one number, in its unit.
   *
   * @return at least 0
   * @throws IllegalStateException if a label is no number, or several
   */
  public double mae() {
    return only().mae();
  }

  /**
   * The root of the mean squared error of a label of one number, in its unit.
   *
   * @return at least 0
   * @throws IllegalStateException if a label is no number, or several
   */
  public double rmse() {
    return only().rmse();
  }

  /**
   * The share of the variance that is predicted, of a label of one number: see {@link
   * NumberErrors#r2}.
   *
   * @return at most 1
   * @throws IllegalStateException if a label is no number, or several
   */
  public double r2() {
    return only().r2();
  }

  private NumberErrors only() {
    if (errors.size() != 1) {
      throw new IllegalStateException(
          network
              + (errors.isEmpty()
                  ? ": labels are no numbers, so they have no MAE, RMSE and R2."
                  : ": a label has "
                      + errors.size()
                      + " numbers; name one of "
                      + names()
                      + " by errors(component)."));
    }
    return errors.get(0);
  }

  private String names() {
    return String.join(", ", errors.stream().map(NumberErrors::component).toList());
  }

  /** Returns loss, samples, and accuracy or the errors of numbers. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(String.format(Locale.ROOT, "loss %.4f on %d samples", loss(), samples()));
    if (hasAccuracy()) {
      text.append(String.format(Locale.ROOT, ", accuracy %.2f %%", 100 * accuracy()));
    }
    errors.forEach(one -> text.append("; ").append(one));
    if (labels.isEmpty()) {
      confusions.forEach(
          (name, confusion) ->
              text.append(
                  String.format(
                      Locale.ROOT, "; %s: accuracy %.2f %%", name, 100 * confusion.accuracy())));
    }
    return text.toString();
  }
}
