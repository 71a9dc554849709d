package dev.tenon.runtime.loss;

import java.util.Objects;

/** A class label that is no class. Says where it is, in the batch or in the dataset. */
public final class TargetException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** Who refuses the label. */
  private final String loss;

  /** The label. */
  private final int label;

  /** Its index among the labels of the batch. */
  private final int position;

  /** Labels of a sample. */
  private final int perSample;

  /** What is wrong with the label. */
  private final String reason;

  private TargetException(
      String loss, int label, int position, int perSample, String reason, String place) {
    super(loss + ": target " + label + " " + place + " " + reason);
    this.loss = loss;
    this.label = label;
    this.position = position;
    this.perSample = perSample;
    this.reason = reason;
  }

  /**
   * A label of a batch.
   *
   * @param loss who refuses it, for the message
   * @param label the label
   * @param position its index among the labels of the batch
   * @param perSample labels of a sample, at least 1
   * @param reason what is wrong with it: the rest of the message, from the verb on
   */
  public TargetException(String loss, int label, int position, int perSample, String reason) {
    this(
        Objects.requireNonNull(loss, "loss"),
        label,
        position,
        perSample,
        Objects.requireNonNull(reason, "reason"),
        inBatch(position, perSample));
  }

  private static String inBatch(int position, int perSample) {
    return "at position "
        + position
        + (perSample > 1 ? " (sample " + position / perSample + ")" : "");
  }

  /**
   * The same, of a dataset that the batch is a part of.
   *
   * @param firstSample number of the batch's first sample in the dataset
   * @return an exception whose message says where the label is in the dataset
   */
  public TargetException inDataset(int firstSample) {
    int sample = firstSample + position / perSample;
    TargetException told =
        new TargetException(
            loss,
            label,
            position,
            perSample,
            reason,
            "of sample "
                + sample
                + " of the dataset"
                + (perSample > 1 ? ", at its position " + position % perSample + "," : ""));
    told.initCause(this);
    return told;
  }

  /**
   * The label.
   *
   * @return what was given
   */
  public int label() {
    return label;
  }

  /**
   * Where the label is in its batch.
   *
   * @return its index among the labels of the batch
   */
  public int position() {
    return position;
  }
}
