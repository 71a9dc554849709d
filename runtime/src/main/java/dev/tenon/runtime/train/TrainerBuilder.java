package dev.tenon.runtime.train;

import dev.tenon.runtime.loss.Objective;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.optim.GradientClipping;
import dev.tenon.runtime.optim.OptimizerSpec;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.schedule.Plateau;
import dev.tenon.runtime.schedule.Schedule;
import dev.tenon.runtime.state.EndType;
import dev.tenon.runtime.state.State;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Options of a trainer; only the optimiser has no default.
 *
 * @param <T> type of a batch's targets
 */
public final class TrainerBuilder<T> {
  final Model model;
  final Objective<T> loss;
  OptimizerSpec optimizer;
  Schedule epochSchedule;
  Schedule stepSchedule;
  Plateau plateau;
  int batchSize = 64;
  long shuffleSeed;
  LastBatch lastBatch = LastBatch.MERGE_SINGLE;
  double clipNorm;
  double clipValue;
  boolean allowsNonFinite;
  int threads;
  private int pieces;
  private boolean synchronised = true;

  TrainerBuilder(Model model, Objective<T> loss) {
    this.model = model;
    this.loss = loss;
  }

  /**
   * Sets the optimiser.
   *
   * @param spec such as {@code sgd(0.1).momentum(0.9)}
   * @return this builder
   */
  public TrainerBuilder<T> optimizer(OptimizerSpec spec) {
    optimizer = Objects.requireNonNull(spec, "spec");
    return this;
  }

  /**
   * Sets the learning rate at the start of every epoch of a fit, by the number of epochs done.
   * {@link Trainer#step} called by hand leaves the rate alone.
   *
   * @param schedule such as {@code cosine(30)}; none is the default
   * @return this builder
   * @throws IllegalStateException if there is a schedule already
   */
  public TrainerBuilder<T> schedule(Schedule schedule) {
    requireNoSchedule();
    epochSchedule = Objects.requireNonNull(schedule, "schedule");
    return this;
  }

  /**
   * Sets the learning rate before every step, by the number of steps done.
   *
   * @param schedule such as {@code oneCycle(0.1, epochs * batches)}; none is the default
   * @return this builder
   * @throws IllegalStateException if there is a schedule already
   */
  public TrainerBuilder<T> schedulePerStep(Schedule schedule) {
    requireNoSchedule();
    stepSchedule = Objects.requireNonNull(schedule, "schedule");
    return this;
  }

  /**
   * Lowers the learning rate when the epochs' mean loss stops falling: that of the validation data,
   * where a fit has them, else that of the training.
   *
   * @param rule such as {@code plateau().patience(3)}; none is the default
   * @return this builder
   * @throws IllegalStateException if there is a schedule already
   */
  public TrainerBuilder<T> schedule(Plateau rule) {
    requireNoSchedule();
    plateau = Objects.requireNonNull(rule, "rule");
    return this;
  }

  /**
   * Sets the number of samples of a step.
   *
   * @param samples at least 1; 64 is the default
   * @return this builder
   * @throws IllegalArgumentException for less than 1
   */
  public TrainerBuilder<T> batchSize(int samples) {
    if (samples < 1) {
      throw new IllegalArgumentException(
          "Trainer: batchSize must be at least 1, but is " + samples + ".");
    }
    batchSize = samples;
    return this;
  }

  /**
   * Sets the seed of the order of samples.
   *
   * @param seed any number; 0 is the default
   * @return this builder
   */
  public TrainerBuilder<T> shuffleSeed(long seed) {
    shuffleSeed = seed;
    return this;
  }

  /**
   * Scales the gradients of each step together, so that their norm is at most this; see {@link
   * GradientClipping#byNorm}.
   *
   * @param max positive and finite; without this call gradients stay as they are
   * @return this builder
   * @throws IllegalArgumentException if max is not positive or not finite
   */
  public TrainerBuilder<T> clipNorm(double max) {
    clipNorm = requirePositive("clipNorm", max);
    return this;
  }

  /**
   * Puts each element of the gradients of each step between {@code -most} and {@code most}; see
   * {@link GradientClipping#byValue}. Comes after {@link #clipNorm} where both are given.
   *
   * @param most positive and finite; without this call gradients stay as they are
   * @return this builder
   * @throws IllegalArgumentException if most is not positive or not finite
   */
  public TrainerBuilder<T> clipValue(double most) {
    clipValue = requirePositive("clipValue", most);
    return this;
  }

  /**
   * Lets steps go on whose loss or gradients are NaN or infinite, as PyTorch does; without this
   * call they are refused. Gradients that are not finite are not clipped by their norm.
   *
   * @return this builder
   */
  public TrainerBuilder<T> allowNonFinite() {
    allowsNonFinite = true;
    return this;
  }

  private static double requirePositive(String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "Trainer: " + option + " must be positive and finite, but is " + value + ".");
    }
    return value;
  }

  /**
   * Sets how many threads the model uses, as {@link Model#threads(int)} does, and leaves it so. The
   * number does not change a bit of the result, and batches are not split for it.
   *
   * @param count at least 1; without this call the model uses as many as it is set to, which is all
   *     cores for generated models
   * @return this builder
   * @throws IllegalArgumentException for less than 1
   */
  public TrainerBuilder<T> threads(int count) {
    threads = requirePositive("threads", count);
    return this;
  }

  /**
   * Works on each batch in this many pieces, which saves memory: one after the other, unless the
   * model cannot use the {@link #threads} asked for within a piece; then as many pieces at a time.
   * Batch norms take the statistics of the whole batch. Splitting a batch may change the last bits
   * of the result, the number of threads does not.
   *
   * @param count at least 1; without this call a batch is not split
   * @return this builder
   * @throws IllegalArgumentException for less than 1
   */
  public TrainerBuilder<T> accumulate(int count) {
    pieces = requirePositive("accumulate", count);
    synchronised = true;
    return this;
  }

  /**
   * Works on each batch in this many pieces, one after the other, of which each normalises by
   * itself and moves the running statistics itself, as micro-batches do elsewhere.
   *
   * @param count at least 1
   * @return this builder
   * @throws IllegalArgumentException for less than 1
   */
  public TrainerBuilder<T> accumulateUnsynchronised(int count) {
    pieces = requirePositive("accumulateUnsynchronised", count);
    synchronised = false;
    return this;
  }

  private static int requirePositive(String option, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "Trainer: " + option + " must be at least 1, but is " + count + ".");
    }
    return count;
  }

  /** The model in pieces, or null if it is not to be split. */
  PiecewiseModel split() {
    if (pieces == 0) {
      return null;
    }
    if (!synchronised) {
      // Always one after the other, so that the running statistics move in order.
      return PiecewiseModel.unsynchronised(model, pieces);
    }
    boolean splitsLoops = model.threads() > 1;
    return PiecewiseModel.of(model, pieces, splitsLoops ? 1 : Math.max(1, threads));
  }

  /**
   * Says what happens to a last batch that is not full.
   *
   * @param rule {@link LastBatch#MERGE_SINGLE} is the default
   * @return this builder
   */
  public TrainerBuilder<T> lastBatch(LastBatch rule) {
    lastBatch = Objects.requireNonNull(rule, "rule");
    return this;
  }

  /**
   * Creates the trainer and its optimiser.
   *
   * @return a trainer at epoch 0
   * @throws IllegalStateException if there is no optimiser
   * @throws IllegalArgumentException if the optimiser's options contradict each other, or the model
   *     has no parameters
   */
  public Trainer<T> build() {
    if (optimizer == null) {
      throw new IllegalStateException(
          "Trainer: call optimizer(...) before build(), for example"
              + " optimizer(sgd(0.1).momentum(0.9)).");
    }
    return new Trainer<>(this);
  }

  /** Everything that fixes the bits of a run, in words. */
  Map<String, String> settings(double baseRate) {
    Map<String, String> settings = new TreeMap<>();
    State state = model.state();
    settings.put("network", model.name());
    settings.put("seed of the model", Long.toString(state.seed()));
    settings.put("features", state.features().map(EndType::toString).orElse("tensors"));
    settings.put("labels", state.labels().map(EndType::toString).orElse("tensors"));
    settings.put("precision", model.dtype().toString());
    settings.put("loss", loss.name());
    settings.put("learning rate", Double.toString(baseRate));
    settings.put("batch size", Integer.toString(batchSize));
    settings.put("last batch", lastBatch.toString());
    settings.put("shuffle seed", Long.toString(shuffleSeed));
    settings.put("pieces", pieces == 0 ? "none" : pieces + (synchronised ? "" : " apart"));
    settings.put("clip norm", clipNorm == 0 ? "none" : Double.toString(clipNorm));
    settings.put("clip value", clipValue == 0 ? "none" : Double.toString(clipValue));
    return settings;
  }

  private void requireNoSchedule() {
    if (epochSchedule != null || stepSchedule != null || plateau != null) {
      throw new IllegalStateException("Trainer: there is a learning-rate schedule already.");
    }
  }
}
