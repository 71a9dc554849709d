package dev.tenon.runtime.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a fit does besides training.
 *
 * <pre>{@code
 * trainer.fit(train, 30, fit -> fit.validate(test).stopEarly(5).listen(CsvLog.to(path)));
 * }</pre>
 *
 * @param <T> type of a batch's targets
 */
public final class FitOptions<T> {
  /** Patience of a fit that never stops early. */
  static final int ENDLESS = Integer.MAX_VALUE;

  private Dataset<T> validation;
  private Metric metric = Metric.LOSS;
  private int patience = ENDLESS;
  private double minDelta;
  private boolean keepsBest;
  private boolean gradientNorms;
  private Path checkpoints;
  private Every every;
  private final List<TrainingListener> listeners = new ArrayList<>();

  FitOptions() {}

  /**
   * Evaluates the model by other data after every epoch.
   *
   * @param data what to judge by; none is the default
   * @return these options
   */
  public FitOptions<T> validate(Dataset<T> data) {
    validation = Objects.requireNonNull(data, "data");
    return this;
  }

  /**
   * Ends the fit when the metric has not become better for this many epochs in a row, and puts back
   * the best model, as {@link #keepBest} does.
   *
   * @param epochs how many, at least 1
   * @return these options
   * @throws IllegalArgumentException if it is less
   */
  public FitOptions<T> stopEarly(int epochs) {
    return stopEarly(epochs, 0);
  }

  /**
   * As {@link #stopEarly(int)}, where an epoch must be better by more than a difference to count.
   *
   * @param epochs how many, at least 1
   * @param difference finite, at least 0; the default is 0
   * @return these options
   * @throws IllegalArgumentException if either is out of range
   */
  public FitOptions<T> stopEarly(int epochs, double difference) {
    if (epochs < 1) {
      throw new IllegalArgumentException(
          "FitOptions: stopEarly must wait for at least 1 epoch, but is told " + epochs + ".");
    }
    if (!(difference >= 0) || Double.isInfinite(difference)) {
      throw new IllegalArgumentException(
          "FitOptions: the difference of stopEarly must be finite and at least 0, but is "
              + difference
              + ".");
    }
    patience = epochs;
    minDelta = difference;
    keepsBest = true;
    return this;
  }

  /**
   * Puts back, at the end, the parameters, running statistics and counters of the best epoch,
   * however the fit ends: also when it was stopped, and when an exception ends it. The optimiser
   * goes on from its last step.
   *
   * @return these options
   */
  public FitOptions<T> keepBest() {
    keepsBest = true;
    return this;
  }

  /**
   * By what epochs are compared.
   *
   * @param by {@link Metric#LOSS} is the default: that of the validation data, or where there are
   *     none that of the training
   * @return these options
   */
  public FitOptions<T> monitor(Metric by) {
    metric = Objects.requireNonNull(by, "by");
    return this;
  }

  /**
   * Measures the norm of the gradients at every step, for reports and listeners. Costs one more
   * pass over them, unless {@link TrainerBuilder#clipNorm} measures it anyway.
   *
   * @return these options
   */
  public FitOptions<T> gradientNorms() {
    gradientNorms = true;
    return this;
  }

  /**
   * Writes a checkpoint after every epoch, as {@link #checkpoint(Path, Every)} does.
   *
   * @param folder where to; it must exist
   * @return these options
   */
  public FitOptions<T> checkpoint(Path folder) {
    return checkpoint(folder, Every.epochs(1));
  }

  /**
   * Writes checkpoints from which {@link Trainer#resume} goes on: {@code last.safetensors} as often
   * as is said and at the end, also of a fit that is stopped, and {@code best.safetensors} after
   * every epoch that is the best so far, by what {@link #monitor} says. Each replaces the one
   * before. Listeners are told of a step or an epoch before its checkpoint is written. If one
   * cannot be written, the fit ends with an {@link java.io.UncheckedIOException}; what can never be
   * in a checkpoint, such as an optimiser of the user's that does not say what it remembers, is
   * refused before the first step.
   *
   * @param folder where to; it must exist
   * @param howOften such as {@code Every.steps(500)}
   * @return these options
   */
  public FitOptions<T> checkpoint(Path folder, Every howOften) {
    Objects.requireNonNull(folder, "folder");
    every = Objects.requireNonNull(howOften, "howOften");
    checkpoints = folder;
    return this;
  }

  /**
   * Adds listeners, which are told in the order in which they were added.
   *
   * @param more told of the start, every step, every epoch and the end
   * @return these options
   */
  public FitOptions<T> listen(TrainingListener... more) {
    for (TrainingListener listener : Objects.requireNonNull(more, "more")) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
    }
    return this;
  }

  Dataset<T> validation() {
    return validation;
  }

  Metric metric() {
    return metric;
  }

  int patience() {
    return patience;
  }

  double minDelta() {
    return minDelta;
  }

  boolean keepsBest() {
    return keepsBest;
  }

  /** The folder of checkpoints, or null. */
  Path checkpoints() {
    return checkpoints;
  }

  Every checkpointsEvery() {
    return every;
  }

  boolean measuresNorms() {
    return gradientNorms;
  }

  List<TrainingListener> listeners() {
    return listeners;
  }
}
