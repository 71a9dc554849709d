package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.state.State;
import java.util.Map;
import java.util.Optional;

/** What a network gives for one sample, and what to say if that is no number. */
final class Outputs {
  private final String network;
  private final State state;
  private final double[] values;
  private final int sample;
  private final int batch;

  Outputs(String network, State state, double[] values, int sample, int batch) {
    this.network = network;
    this.state = state;
    this.values = values;
    this.sample = sample;
    this.batch = batch;
  }

  double[] values() {
    return values;
  }

  State state() {
    return state;
  }

  /** For messages: which prediction this is. */
  String subject() {
    return network
        + ": the prediction"
        + (batch == 1 ? "" : " for the sample at index " + sample + " of " + batch);
  }

  /**
   * Says that there is no prediction, and what to look at.
   *
   * @param output what is no number: {@code the score of GOOD}
   */
  IllegalStateException notANumber(String output, double value) {
    return new IllegalStateException(
        subject()
            + " is no label, because "
            + output
            + " is "
            + value
            + ". "
            + broken()
                .map(
                    name ->
                        "The state's "
                            + name
                            + " holds values that are not finite, so training has diverged: train"
                            + " a new model, with a lower learning rate, normalised inputs"
                            + " (normalize = true) or clipNorm.")
                .orElse(
                    "The state is finite, so the values of the sample are too large for the"
                        + " network: look at the sample, or normalise (normalize = true)."));
  }

  /** The first entry of the state that is not finite. */
  private Optional<String> broken() {
    for (Map.Entry<String, Tensor> entry : state.tensors().entrySet()) {
      if (entry.getValue().dtype() != DType.INT64) {
        for (double value : entry.getValue().toDoubleArray()) {
          if (!Double.isFinite(value)) {
            return Optional.of(entry.getKey());
          }
        }
      }
    }
    return Optional.empty();
  }
}
