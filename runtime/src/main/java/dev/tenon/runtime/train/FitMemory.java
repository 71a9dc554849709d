package dev.tenon.runtime.train;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a fit remembers between two steps, as a checkpoint has it.
 *
 * @param firstEpoch number of the fit's first epoch, from 1
 * @param samples of the dataset
 * @param batches of an epoch
 * @param made how many of them are done in the present epoch
 * @param losses what the mean of the epoch's loss has added up; empty before its first step
 * @param norms what the norms of the epoch's gradients add up to
 * @param validation samples of the validation data; 0 without
 * @param metric by what epochs are compared
 * @param reports of the epochs that are done
 * @param best what is remembered of the best epoch
 * @param bestModel the model of the best epoch, if it is kept
 * @param listeners what listeners have written, a section for each
 */
record FitMemory(
    int firstEpoch,
    int samples,
    int batches,
    int made,
    List<Double> losses,
    double norms,
    int validation,
    String metric,
    List<EpochReport> reports,
    BestEpoch.Memory best,
    Optional<CheckpointSection> bestModel,
    CheckpointSection listeners) {
  private static final String FIRST = "first_epoch";
  private static final String SAMPLES = "samples";
  private static final String BATCHES = "batches";
  private static final String MADE = "batches_done";
  private static final String LOSSES = "losses";
  private static final String NORMS = "gradient_norms";
  private static final String VALIDATION = "validation_samples";
  private static final String METRIC = "metric";
  private static final String REPORTS = "reports";
  private static final String BEST = "best";
  private static final String VALUE = "value";
  private static final String EPOCH = "epoch";
  private static final String SINCE = "epochs_since";
  private static final String MODEL = "model";
  private static final String LISTENERS = "listeners";

  void write(CheckpointSection section) {
    section.put(FIRST, firstEpoch);
    section.put(SAMPLES, samples);
    section.put(BATCHES, batches);
    section.put(MADE, made);
    double[] sums = losses.stream().mapToDouble(Double::doubleValue).toArray();
    section.put(LOSSES, Tensor.of(sums, sums.length));
    section.put(NORMS, norms);
    section.put(VALIDATION, validation);
    section.put(METRIC, metric);
    SavedReports.write(section.section(REPORTS), reports);
    CheckpointSection ofBest = section.section(BEST);
    ofBest.put(VALUE, best.value());
    ofBest.put(EPOCH, best.epoch());
    ofBest.put(SINCE, best.epochsSince());
    bestModel.ifPresent(model -> ofBest.section(MODEL).putAll(model));
    section.section(LISTENERS).putAll(listeners);
  }

  /**
   * Reads and checks all that can be checked without the data.
   *
   * @param epochsDone of the trainer whose fit it is
   */
  static FitMemory read(CheckpointSection section, State state, int outputs, int epochsDone) {
    int first = count(section, FIRST, 1, Integer.MAX_VALUE);
    int batches = count(section, BATCHES, 1, Integer.MAX_VALUE);
    Tensor losses = section.anyTensor(LOSSES);
    section.tensor(LOSSES, DType.FLOAT64, losses.size());
    List<Double> sums = new ArrayList<>();
    for (double sum : losses.toDoubleArray()) {
      sums.add(sum);
    }
    List<EpochReport> reports = SavedReports.read(section.section(REPORTS), outputs);
    if (first - 1 + reports.size() != epochsDone) {
      throw section.wrong(
          REPORTS,
          "must have "
              + (epochsDone - first + 1)
              + " epochs, from "
              + first
              + " to "
              + epochsDone
              + ", but has "
              + reports.size());
    }
    String metric = section.text(METRIC);
    if (Arrays.stream(Metric.values()).noneMatch(known -> known.toString().equals(metric))) {
      throw section.wrong(
          METRIC, "must be one of " + Arrays.toString(Metric.values()) + ", but is another text");
    }
    CheckpointSection ofBest = section.section(BEST);
    BestEpoch.Memory best =
        new BestEpoch.Memory(
            ofBest.number(VALUE),
            count(ofBest, EPOCH, 0, Integer.MAX_VALUE),
            count(ofBest, SINCE, 0, Integer.MAX_VALUE));
    Optional<CheckpointSection> model = Optional.empty();
    if (ofBest.contains(MODEL)) {
      CheckpointSection saved = ofBest.section(MODEL);
      state.tensors().forEach((name, value) -> saved.tensor(name, value.dtype(), value.shape()));
      model = Optional.of(saved);
    }
    return new FitMemory(
        first,
        count(section, SAMPLES, 1, Integer.MAX_VALUE),
        batches,
        count(section, MADE, 0, batches),
        sums,
        section.number(NORMS),
        count(section, VALIDATION, 0, Integer.MAX_VALUE),
        metric,
        reports,
        best,
        model,
        section.section(LISTENERS));
  }

  private static int count(CheckpointSection section, String name, int least, int most) {
    return (int) section.integer(name, least, most);
  }
}
