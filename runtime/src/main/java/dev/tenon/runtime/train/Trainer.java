package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.JointTargets;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Objective;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.schedule.Plateau;
import dev.tenon.runtime.schedule.Schedule;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.Checkpointed;
import dev.tenon.runtime.state.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Trains a model: shuffle, forward, loss, backward, optimiser step.
 *
 * <pre>{@code
 * var trainer = Trainer.of(model)
 *     .loss(crossEntropy())
 *     .optimizer(sgd(0.1).momentum(0.9))
 *     .schedule(cosine(30))
 *     .batchSize(64)
 *     .shuffleSeed(1)
 *     .build();
 * trainer.fit(train, 30, fit -> fit.validate(test).stopEarly(5));
 * trainer.evaluate(test);
 * }</pre>
 *
 * <p>Once both batch sizes of an epoch have been seen, a step allocates nothing. Results depend on
 * seeds and data alone.
 *
 * <p>While a step, a training or an evaluation is under way, no other thread can begin one or call
 * the model: it gets an {@link IllegalStateException}. Listeners, which are called by the same
 * thread, can, and any thread may call {@link #stop}. The data set and the optimiser are not
 * watched: nobody may change them meanwhile.
 *
 * @param <T> what a target is, fixed by the loss: {@code int[]}, {@link Tensor}, or {@link
 *     JointTargets} for several outputs
 */
public final class Trainer<T> implements AutoCloseable {
  private final PiecewiseModel split;
  private final TrainingStep<T> step;
  private final Claim claim;
  private final Schedule epochSchedule;
  private final Plateau.Tracker plateau;
  private final int batchSize;
  private final long shuffleSeed;
  private final LastBatch lastBatch;
  private final Tensor[] oneInput = new Tensor[1];
  private final TrainerMemory<T> memory;
  private int epochsDone;

  /** What the next fit goes on from, because a checkpoint was made in the middle of one. */
  private Optional<FitMemory> interrupted = Optional.empty();

  /** The fit that is under way, or null. */
  private volatile FitRun<T> running;

  Trainer(TrainerBuilder<T> builder) {
    // What can be refused comes before threads are made and counted.
    Optimizer optimizer = builder.optimizer.create(builder.model.state());
    if (builder.threads > 0) {
      builder.model.threads(builder.threads);
    }
    split = builder.split();
    step = new TrainingStep<>(builder, split == null ? builder.model : split, optimizer);
    claim = step.model.state().claim();
    epochSchedule = builder.epochSchedule;
    plateau = builder.plateau == null ? null : builder.plateau.start();
    batchSize = builder.batchSize;
    shuffleSeed = builder.shuffleSeed;
    lastBatch = builder.lastBatch;
    memory = new TrainerMemory<>(this, builder.settings(step.baseRate));
  }

  /**
   * Starts a trainer; the loss comes next, because it fixes the type of the targets.
   *
   * @param model what to train
   * @return asks for the loss
   */
  public static Start of(Model model) {
    return new Start(Objects.requireNonNull(model, "model"));
  }

  /**
   * One training step on one batch: forward, loss, backward, clipping, the optimiser's step. It is
   * made as a whole or not at all: after an exception parameters, running statistics, counters,
   * random numbers, the optimiser's memory and the learning rate are as before. Gradients are as
   * before if the batch or the schedule was refused, and overwritten in part if the step failed
   * later; the next backward writes all of them.
   *
   * <p>A model written by hand says by {@link Model#undoForward} how its random numbers go back. A
   * loss, an optimiser or a schedule of the user's that throws after it has changed something of
   * its own keeps that, and parameters that such an optimiser has changed by then stay changed.
   *
   * @param input {@code [batch, input shape]}
   * @param target targets of the batch
   * @return the loss before the step; NaN if all labels of the batch are ignored
   * @throws IllegalArgumentException if input or target do not fit the model, the batch is too
   *     small for batch statistics, or the schedule has no rate for this step
   * @throws NonFiniteException if the loss or a gradient is NaN or infinite, unless {@link
   *     TrainerBuilder#allowNonFinite} was called
   * @throws RuntimeException whatever a loss, a schedule, an optimiser or a function of the user's
   *     throws
   */
  public double step(Tensor input, T target) {
    Objects.requireNonNull(input, "input");
    String outer = claim.begin(step.model.name(), "Trainer.step");
    try {
      oneInput[0] = input;
      return step(oneInput, target);
    } finally {
      claim.end(outer);
    }
  }

  /**
   * One training step on one batch of a network with several inputs.
   *
   * @param batch {@code [batch, ...]} for each input, in the network's order
   * @param target targets of the batch
   * @return as {@link #step(Tensor, Object)}, with the same promise
   * @throws IllegalArgumentException as {@link #step(Tensor, Object)}
   * @throws NonFiniteException as {@link #step(Tensor, Object)}
   */
  public double step(Tensor[] batch, T target) {
    for (Tensor input : Objects.requireNonNull(batch, "batch")) {
      Objects.requireNonNull(input, "batch: an input");
    }
    Objects.requireNonNull(target, "target");
    String outer = claim.begin(step.model.name(), "Trainer.step");
    try {
      return step.run(batch, target, null);
    } finally {
      claim.end(outer);
    }
  }

  /**
   * Trains for some epochs; {@link #fit(Dataset, int, Consumer)} can do more besides.
   *
   * @param data what to learn from
   * @param epochs how many, at least 0
   * @param listeners told of the start, every step, every epoch and the end
   * @return one report for every epoch
   * @throws IllegalArgumentException as {@link #fit(Dataset, int, Consumer)}
   * @throws IllegalStateException as {@link #fit(Dataset, int, Consumer)}
   */
  public History fit(Dataset<T> data, int epochs, TrainingListener... listeners) {
    Objects.requireNonNull(listeners, "listeners");
    return fit(data, epochs, options -> options.listen(listeners));
  }

  /**
   * Trains for some epochs, each over all samples in a new order: epoch e (from 0, counted over all
   * fits) uses {@code Randoms.permutation(Randoms.key(shuffleSeed, e, 0), size)}.
   *
   * <pre>{@code
   * trainer.fit(train, 30, fit -> fit.validate(test).stopEarly(5));
   * }</pre>
   *
   * <p>{@link #stop}, an interrupt of this thread, which leaves its flag set, or {@link
   * FitContext#stop} end it before the next step; it then returns the epochs that were completed
   * and the reason. An epoch that was not completed begins again in the next fit, unless that is
   * one that goes on with a checkpoint ({@link #resume}). So it does after an exception, which
   * leaves everything as it was after the last whole step, or, where the best model is kept, as
   * after the best epoch.
   *
   * @param data what to learn from
   * @param epochs how many, at least 0; {@link Integer#MAX_VALUE} trains until something ends it
   * @param options validation data, early stopping, listeners
   * @return one report for every epoch that was completed, and why the fit ended
   * @throws IllegalArgumentException if any sample or target does not fit, there is no batch or one
   *     that is too small for batch statistics, or a schedule ends before the fit; nothing is
   *     changed then
   * @throws IllegalStateException if a fit of this trainer is under way; that one goes on
   * @throws NonFiniteException if a loss or a gradient is NaN or infinite, unless {@link
   *     TrainerBuilder#allowNonFinite} was called; the step that met it is not made
   */
  public History fit(Dataset<T> data, int epochs, Consumer<FitOptions<T>> options) {
    Objects.requireNonNull(data, "data");
    if (epochs < 0) {
      throw new IllegalArgumentException(
          "Trainer: epochs must be at least 0, but is " + epochs + ".");
    }
    if (running != null) {
      throw new IllegalStateException(
          "Trainer: fit was called while a fit of this trainer is under way, in a listener or in"
              + " another thread. End that one by stop() first, or make a trainer for each.");
    }
    FitOptions<T> chosen = new FitOptions<>();
    Objects.requireNonNull(options, "options").accept(chosen);
    FitRun<T> run = new FitRun<>(this, data, epochs, chosen, interrupted);
    String outer = claim.begin(step.model.name(), "Trainer.fit");
    try {
      running = run;
      return run.run();
    } finally {
      running = null;
      step.measureNorm(false);
      claim.end(outer);
    }
  }

  /**
   * Ends the fit that is under way before its next step, with {@link EndReason#STOPPED}; does
   * nothing if there is none. Any thread may call it.
   */
  public void stop() {
    FitRun<T> run = running;
    if (run != null) {
      run.stop();
    }
  }

  /**
   * Judges the model in evaluation mode, in batches of the trainer's size and the dataset's order.
   * Changes nothing.
   *
   * @param data what to judge by
   * @return mean loss and, for class labels, accuracy and a confusion matrix
   * @throws IllegalArgumentException if a sample or target does not fit the model
   */
  public Evaluation evaluate(Dataset<T> data) {
    Objects.requireNonNull(data, "data");
    String outer = claim.begin(step.model.name(), "Trainer.evaluate");
    try {
      return new Evaluator<>(step, data, batchSize).run();
    } finally {
      claim.end(outer);
    }
  }

  /**
   * Writes everything that a trainer built like this one needs to go on from here as if nothing had
   * happened, to the bit: the model's state, the optimiser's memory, the place in the epoch, in the
   * random numbers and in the schedule, what the fit that is under way remembers, and what
   * listeners that are {@link Checkpointed} remember. Listeners may call it, between any two steps;
   * no other thread may.
   *
   * <p>The file is one of safetensors, in which the model's state has its own names: {@code
   * Weights.read} reads it. It is written beside, forced to disk and moved into place.
   *
   * @param path where to; its directory must exist
   * @throws UnsupportedOperationException if an optimiser or a mean of the user's cannot be saved;
   *     nothing is written then
   * @throws IllegalStateException if another thread is in a call of the model
   * @throws IOException if it cannot be written; what was at the path is as before
   */
  public void checkpoint(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    String outer = claim.begin(step.model.name(), "Trainer.checkpoint");
    try {
      CheckpointFile.write(memory, path);
    } finally {
      claim.end(outer);
    }
  }

  /**
   * Goes on from a checkpoint. The model and this trainer must be made as those of the checkpoint
   * were: network, seed, precision, optimiser, schedule, loss, batch size, shuffle seed, pieces,
   * clipping; the number of threads may differ. If the checkpoint was made in the middle of a fit,
   * the next {@link #fit(Dataset, int, Consumer)} goes on with that one: with its data, and with
   * options like its own, it gives the results of a fit that was never interrupted. Its number of
   * epochs counts from where that one began, so that the same call comes to the same end.
   *
   * @param path a checkpoint, or a folder that {@link FitOptions#checkpoint} writes to, whose
   *     newest is taken
   * @throws IllegalArgumentException if the checkpoint is of another model or of a trainer with
   *     other settings, all of which the message lists, or an entry is missing or makes no sense;
   *     nothing is changed then
   * @throws IllegalStateException if a fit is under way, or another thread is in a call of the
   *     model
   * @throws dev.tenon.runtime.file.WeightsException if the file is damaged or no checkpoint
   * @throws UnsupportedOperationException if the optimiser, one of the user's, cannot be saved
   * @throws IOException if it cannot be read; nothing is changed then
   */
  public void resume(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    if (running != null) {
      throw new IllegalStateException(
          "Trainer: resume was called while a fit of this trainer is under way.");
    }
    String outer = claim.begin(step.model.name(), "Trainer.resume");
    try {
      CheckpointFile.read(memory, CheckpointFile.in(path));
    } finally {
      claim.end(outer);
    }
  }

  /**
   * As {@link #resume}, if there is a checkpoint: the same program begins, or goes on where it was
   * killed.
   *
   * @param path a checkpoint or a folder, which need not exist
   * @return whether there was one
   * @throws IllegalArgumentException as {@link #resume}
   * @throws IllegalStateException as {@link #resume}
   * @throws UnsupportedOperationException as {@link #resume}
   * @throws IOException as {@link #resume}
   */
  public boolean resumeIfPresent(Path path) throws IOException {
    boolean present = Files.exists(CheckpointFile.in(Objects.requireNonNull(path, "path")));
    if (present) {
      resume(path);
    }
    return present;
  }

  /** The fit that a checkpoint made now would go on with. */
  Optional<FitMemory> fitMemory() {
    FitRun<T> run = running;
    return run == null ? interrupted : run.memory();
  }

  /** The fit that goes on has begun, and remembers by itself. */
  void fitGoesOn() {
    interrupted = Optional.empty();
  }

  /** Refuses what cannot be in a checkpoint before the first one is due. */
  void requireCheckpoints() {
    memory.write(CheckpointSection.empty());
  }

  /** What a checkpoint says of epochs. */
  void resumeAt(int epochs, Optional<FitMemory> fit) {
    epochsDone = epochs;
    interrupted = fit;
  }

  TrainingStep<T> step() {
    return step;
  }

  int batchSize() {
    return batchSize;
  }

  LastBatch lastBatch() {
    return lastBatch;
  }

  long shuffleSeed() {
    return shuffleSeed;
  }

  /** The schedule by epoch, or null. */
  Schedule epochSchedule() {
    return epochSchedule;
  }

  /** What a rule has seen of the losses, or null. */
  Plateau.Tracker plateau() {
    return plateau;
  }

  void epochDone() {
    epochsDone++;
  }

  /**
   * The model.
   *
   * @return what is trained
   */
  public Model model() {
    return step.model;
  }

  /**
   * The optimiser, whose learning rate may be changed between steps if there is no schedule.
   *
   * @return the optimiser bound to the model's state
   */
  public Optimizer optimizer() {
    return step.optimizer;
  }

  /**
   * Epochs trained so far, over all fits.
   *
   * @return at least 0
   */
  public int epochsDone() {
    return epochsDone;
  }

  /** Ends the threads that belong to the pieces of {@link TrainerBuilder#accumulate}, if any. */
  @Override
  public void close() {
    if (split != null) {
      split.close();
    }
  }

  /** Returns the network, the optimiser and how far training is. */
  @Override
  public String toString() {
    return "Trainer of "
        + model().name()
        + ": "
        + optimizer()
        + ", epochs done: "
        + epochsDone
        + ", batch size "
        + batchSize;
  }

  /** A trainer that still needs its loss. */
  public static final class Start {
    private final Model model;

    private Start(Model model) {
      this.model = model;
    }

    /**
     * Sets the loss, which fixes the type of the targets.
     *
     * @param loss what to minimise
     * @param <T> type of a batch's targets
     * @return a builder for the rest
     */
    public <T> TrainerBuilder<T> loss(Loss<T> loss) {
      return loss(Objective.of(Objects.requireNonNull(loss, "loss")));
    }

    /**
     * Sets what to minimise for a network with several outputs.
     *
     * @param objective such as {@code joint(crossEntropy()).and(meanSquaredError(), 0.5)}
     * @param <T> type of a batch's targets
     * @return a builder for the rest
     */
    public <T> TrainerBuilder<T> loss(Objective<T> objective) {
      return new TrainerBuilder<>(model, Objects.requireNonNull(objective, "objective"));
    }
  }
}
