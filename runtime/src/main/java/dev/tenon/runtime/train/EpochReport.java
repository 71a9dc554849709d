package dev.tenon.runtime.train;

import java.util.Locale;

/**
 * What one epoch of training did.
 *
 * @param epoch number of the epoch, from 1, counted over all fits of the trainer
 * @param epochs number of the last epoch of this fit; at most {@link Integer#MAX_VALUE}
 * @param batches steps made
 * @param samples samples seen
 * @param loss mean training loss: the sum of all samples' losses divided by the sum of their
 *     weights, each taken before its step; NaN if every label was ignored
 * @param learningRate the rate of the epoch's last step
 * @param gradientNorm mean over the steps of the norm of all gradients, before clipping; NaN where
 *     it was not measured, see {@link FitOptions#gradientNorms}
 * @param validation how good the model was by the validation data after this epoch; null where
 *     {@link #validated} is false
 */
public record EpochReport(
    int epoch,
    int epochs,
    int batches,
    int samples,
    double loss,
    double learningRate,
    double gradientNorm,
    Evaluation validation) {
  /**
   * A report without gradient norm and validation.
   *
   * @param epoch number of the epoch
   * @param epochs number of the last epoch of this fit
   * @param batches steps made
   * @param samples samples seen
   * @param loss mean training loss
   * @param learningRate the rate of the epoch's last step
   */
  public EpochReport(
      int epoch, int epochs, int batches, int samples, double loss, double learningRate) {
    this(epoch, epochs, batches, samples, loss, learningRate, Double.NaN, null);
  }

  /**
   * Whether the fit has validation data.
   *
   * @return true after {@link FitOptions#validate}
   */
  public boolean validated() {
    return validation != null;
  }

  /**
   * How good the model was by the validation data after this epoch.
   *
   * @return the evaluation
   * @throws IllegalStateException if there are no validation data
   */
  @Override
  public Evaluation validation() {
    if (validation == null) {
      throw new IllegalStateException(
          "EpochReport: there is no validation; give the data to the fit:"
              + " fit(train, epochs, fit -> fit.validate(test)).");
    }
    return validation;
  }

  /** Returns epoch, loss, learning rate and, where they were measured, validation and gradients. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "epoch %d/%d: loss %.4f", epoch, epochs, loss)
        + (validated() ? ", validation " + validation : "")
        + ", learning rate "
        + learningRate
        + (Double.isNaN(gradientNorm)
            ? ""
            : String.format(Locale.ROOT, ", gradient norm %.4g", gradientNorm))
        + String.format(Locale.ROOT, ", %d steps on %d samples", batches, samples);
  }
}
