package dev.tenon.runtime.train;

import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.State;
import java.util.Optional;

/** What a fit remembers of its best epoch: the metric, and the model if it is to be put back. */
final class BestEpoch {
  /** The numbers of it. */
  record Memory(double value, int epoch, int epochsSince) {}

  private final Metric metric;
  private final double minDelta;
  private final int patience;

  /** The model after the best epoch; null if it is not kept. */
  private final SavedModel saved;

  private double value = Double.NaN;
  private int epoch;
  private int epochsSince;

  BestEpoch(FitOptions<?> options, State state) {
    metric = options.metric();
    minDelta = options.minDelta();
    patience = options.patience();
    saved = options.keepsBest() ? new SavedModel(state) : null;
  }

  /** Takes in an epoch, whose model is the present one. */
  void see(EpochReport report) {
    double now = metric.of(report);
    if (!Double.isNaN(now) && (epoch == 0 || metric.isBetter(now, value, minDelta))) {
      value = now;
      epoch = report.epoch();
      epochsSince = 0;
      if (saved != null) {
        saved.save();
      }
    } else {
      epochsSince++;
    }
  }

  boolean isOverdue() {
    return epochsSince >= patience;
  }

  /** Number of the best epoch, or 0. */
  int epoch() {
    return epoch;
  }

  /** Puts the best model back, if it is kept and there is one. */
  void restore() {
    if (saved != null && epoch > 0) {
      saved.restore();
    }
  }

  boolean keepsModel() {
    return saved != null;
  }

  Memory memory() {
    return new Memory(value, epoch, epochsSince);
  }

  /** The model of the best epoch, if it is kept. */
  Optional<CheckpointSection> model() {
    if (saved == null) {
      return Optional.empty();
    }
    CheckpointSection section = CheckpointSection.empty();
    saved.write(section);
    return Optional.of(section);
  }

  /** Goes on from what another one remembers; the model is there if this one keeps it. */
  void resume(Memory memory, Optional<CheckpointSection> model) {
    value = memory.value();
    epoch = memory.epoch();
    epochsSince = memory.epochsSince();
    if (saved != null) {
      saved.read(model.orElseThrow());
    }
  }
}
