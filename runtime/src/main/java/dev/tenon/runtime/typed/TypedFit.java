package dev.tenon.runtime.typed;

import static dev.tenon.runtime.optim.Optimizers.adam;

import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.optim.OptimizerSpec;
import dev.tenon.runtime.schedule.Plateau;
import dev.tenon.runtime.schedule.Schedule;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Every;
import dev.tenon.runtime.train.FitOptions;
import dev.tenon.runtime.train.History;
import dev.tenon.runtime.train.LastBatch;
import dev.tenon.runtime.train.Metric;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainerBuilder;
import dev.tenon.runtime.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a typed model is trained: the options of a {@link Trainer} and of its fit, in terms of
 * records and labels.
 *
 * <pre>{@code
 * model.fit(patients, risks, 50,
 *     fit -> fit.classWeight(Risk.HIGH, 4).validate(others, theirRisks).stopEarly(5));
 * }</pre>
 *
 * @param <F> the record that samples are
 * @param <L> what a label is
 * @param <T> type of a batch's targets
 */
public final class TypedFit<F, L, T> {
  private final TypedModel<F, L, ?, T> model;
  private final List<Consumer<TrainerBuilder<T>>> trainer = new ArrayList<>();
  private final List<Consumer<FitOptions<T>>> options = new ArrayList<>();
  private final Map<L, Double> classWeights = new LinkedHashMap<>();
  private Loss<T> loss;
  private Start<T> start = built -> {};
  private List<? extends F> validationFeatures;
  private List<? extends L> validationLabels;

  /** What comes before the first step. */
  private interface Start<T> {
    void of(Trainer<T> trainer) throws IOException;
  }

  TypedFit(TypedModel<F, L, ?, T> model) {
    this.model = model;
    loss = model.labelType().loss();
  }

  // ---------------------------------------------------------------------------- of the labels

  /**
   * Replaces the loss that goes with the labels: {@code crossEntropy()} for an enum, {@code
   * binaryCrossEntropyWithLogits()} for booleans, {@code meanSquaredError()} for numbers. Numbers
   * that the network normalises reach it normalised.
   *
   * @param newLoss such as {@code huber()} or {@code crossEntropy().labelSmoothing(0.1)}
   * @return these options
   */
  public TypedFit<F, L, T> loss(Loss<T> newLoss) {
    loss = Objects.requireNonNull(newLoss, "newLoss");
    return this;
  }

  /**
   * Gives samples of a label more weight in the loss, or less, as {@code
   * crossEntropy().classWeights} does: for classes that are rare, or whose mistakes cost more.
   *
   * @param label a constant of the enum
   * @param weight finite, at least 0; 1 for labels that none is set for
   * @return these options
   * @throws IllegalArgumentException if the weight is out of range
   */
  public TypedFit<F, L, T> classWeight(L label, double weight) {
    Objects.requireNonNull(label, "label");
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(
          model.name()
              + ": the weight of "
              + label
              + " must be finite and at least 0, but is "
              + weight
              + ".");
    }
    classWeights.put(label, weight);
    return this;
  }

  // ------------------------------------------------------------------------------- of the fit

  /**
   * Judges the model by other samples after every epoch, which is what {@link #stopEarly} and
   * {@link #keepBest} compare. They are normalised by the statistics of the training set.
   *
   * @param features one record for each sample
   * @param labels one for each sample
   * @return these options
   * @throws IllegalArgumentException if there are more of one than of the other
   */
  public TypedFit<F, L, T> validate(List<? extends F> features, List<? extends L> labels) {
    Objects.requireNonNull(features, "features");
    Objects.requireNonNull(labels, "labels");
    requirePairs(model.name(), features, labels);
    validationFeatures = features;
    validationLabels = labels;
    return this;
  }

  /**
   * Ends the fit when this many epochs in a row were no better, and puts back the best model.
   *
   * @param epochs at least 1
   * @return these options
   * @see FitOptions#stopEarly(int)
   */
  public TypedFit<F, L, T> stopEarly(int epochs) {
    options.add(fit -> fit.stopEarly(epochs));
    return this;
  }

  /**
   * The same, where an epoch must be better by more than a difference to count.
   *
   * @param epochs at least 1
   * @param difference finite, at least 0
   * @return these options
   * @see FitOptions#stopEarly(int, double)
   */
  public TypedFit<F, L, T> stopEarly(int epochs, double difference) {
    options.add(fit -> fit.stopEarly(epochs, difference));
    return this;
  }

  /**
   * Puts back, at the end, the model of the best epoch.
   *
   * @return these options
   * @see FitOptions#keepBest
   */
  public TypedFit<F, L, T> keepBest() {
    options.add(FitOptions::keepBest);
    return this;
  }

  /**
   * By what epochs are compared: the loss unless set.
   *
   * @param metric accuracy is for labels that are an enum
   * @return these options
   * @see FitOptions#monitor
   */
  public TypedFit<F, L, T> monitor(Metric metric) {
    Objects.requireNonNull(metric, "metric");
    options.add(fit -> fit.monitor(metric));
    return this;
  }

  /**
   * Adds listeners.
   *
   * @param listeners told of the start, every step, every epoch and the end
   * @return these options
   * @see FitOptions#listen
   */
  public TypedFit<F, L, T> listen(TrainingListener... listeners) {
    Objects.requireNonNull(listeners, "listeners");
    options.add(fit -> fit.listen(listeners));
    return this;
  }

  /**
   * Adds the norm of all gradients to the reports.
   *
   * @return these options
   * @see FitOptions#gradientNorms
   */
  public TypedFit<F, L, T> gradientNorms() {
    options.add(FitOptions::gradientNorms);
    return this;
  }

  /**
   * Writes a checkpoint after every epoch, and one after the best.
   *
   * @param folder must exist
   * @return these options
   * @see FitOptions#checkpoint(Path)
   */
  public TypedFit<F, L, T> checkpoint(Path folder) {
    Objects.requireNonNull(folder, "folder");
    options.add(fit -> fit.checkpoint(folder));
    return this;
  }

  /**
   * Writes checkpoints as often as is said, and one after the best epoch.
   *
   * @param folder must exist
   * @param howOften every this many epochs or steps
   * @return these options
   * @see FitOptions#checkpoint(Path, Every)
   */
  public TypedFit<F, L, T> checkpoint(Path folder, Every howOften) {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(howOften, "howOften");
    options.add(fit -> fit.checkpoint(folder, howOften));
    return this;
  }

  /**
   * Goes on from a checkpoint, which has the statistics of features and labels as well. The model
   * and these options must be as those of the fit that wrote it, and the epochs count from where
   * that one began. The fit throws an {@link UncheckedIOException} if there is none, or it cannot
   * be read, and an {@link IllegalArgumentException} with all that differs.
   *
   * @param path a checkpoint, or a folder, whose newest is taken
   * @return these options
   * @see Trainer#resume
   */
  public TypedFit<F, L, T> resume(Path path) {
    Objects.requireNonNull(path, "path");
    start = built -> built.resume(path);
    return this;
  }

  /**
   * As {@link #resume}, if there is a checkpoint: the same program begins, or goes on where it was
   * killed.
   *
   * @param path a checkpoint or a folder, which need not exist
   * @return these options
   * @see Trainer#resumeIfPresent
   */
  public TypedFit<F, L, T> resumeIfPresent(Path path) {
    Objects.requireNonNull(path, "path");
    start = built -> built.resumeIfPresent(path);
    return this;
  }

  // --------------------------------------------------------------------------- of the trainer

  /**
   * Replaces Adam, whose learning rate is {@link TypedModel#LEARNING_RATE}.
   *
   * @param spec the optimiser
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#optimizer
   */
  public TypedFit<F, L, T> optimizer(OptimizerSpec spec) {
    Objects.requireNonNull(spec, "spec");
    trainer.add(builder -> builder.optimizer(spec));
    return this;
  }

  /**
   * Moves the learning rate after every epoch.
   *
   * @param schedule by epoch
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#schedule(Schedule)
   */
  public TypedFit<F, L, T> schedule(Schedule schedule) {
    Objects.requireNonNull(schedule, "schedule");
    trainer.add(builder -> builder.schedule(schedule));
    return this;
  }

  /**
   * Moves the learning rate after every step.
   *
   * @param schedule by step
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#schedulePerStep
   */
  public TypedFit<F, L, T> schedulePerStep(Schedule schedule) {
    Objects.requireNonNull(schedule, "schedule");
    trainer.add(builder -> builder.schedulePerStep(schedule));
    return this;
  }

  /**
   * Lowers the learning rate when the loss no longer falls.
   *
   * @param rule when, and by how much
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#schedule(Plateau)
   */
  public TypedFit<F, L, T> schedule(Plateau rule) {
    Objects.requireNonNull(rule, "rule");
    trainer.add(builder -> builder.schedule(rule));
    return this;
  }

  /**
   * Sets how many samples a step takes: 64 unless set.
   *
   * @param samples at least 1
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#batchSize
   */
  public TypedFit<F, L, T> batchSize(int samples) {
    trainer.add(builder -> builder.batchSize(samples));
    return this;
  }

  /**
   * Sets the order in which samples are drawn.
   *
   * @param seed the same seed gives the same order
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#shuffleSeed
   */
  public TypedFit<F, L, T> shuffleSeed(long seed) {
    trainer.add(builder -> builder.shuffleSeed(seed));
    return this;
  }

  /**
   * Limits the norm of all gradients together.
   *
   * @param max finite and positive
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#clipNorm
   */
  public TypedFit<F, L, T> clipNorm(double max) {
    trainer.add(builder -> builder.clipNorm(max));
    return this;
  }

  /**
   * Limits each element of the gradients.
   *
   * @param most finite and positive
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#clipValue
   */
  public TypedFit<F, L, T> clipValue(double most) {
    trainer.add(builder -> builder.clipValue(most));
    return this;
  }

  /**
   * Limits how many threads a step may use.
   *
   * @param count at least 1
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#threads
   */
  public TypedFit<F, L, T> threads(int count) {
    trainer.add(builder -> builder.threads(count));
    return this;
  }

  /**
   * Cuts each batch into pieces that give the same result with less memory.
   *
   * @param count how many pieces
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#accumulate
   */
  public TypedFit<F, L, T> accumulate(int count) {
    trainer.add(builder -> builder.accumulate(count));
    return this;
  }

  /**
   * Cuts each batch into pieces that are normalised apart.
   *
   * @param count how many pieces
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#accumulateUnsynchronised
   */
  public TypedFit<F, L, T> accumulateUnsynchronised(int count) {
    trainer.add(builder -> builder.accumulateUnsynchronised(count));
    return this;
  }

  /**
   * Says what to do with a last batch that is smaller.
   *
   * @param rule the rule
   * @return these options
   * @throws IllegalArgumentException as the trainer's option
   * @see TrainerBuilder#lastBatch
   */
  public TypedFit<F, L, T> lastBatch(LastBatch rule) {
    Objects.requireNonNull(rule, "rule");
    trainer.add(builder -> builder.lastBatch(rule));
    return this;
  }

  /**
   * Trains on although a loss or a gradient is NaN or infinite.
   *
   * @return these options
   * @see TrainerBuilder#allowNonFinite
   */
  public TypedFit<F, L, T> allowNonFinite() {
    trainer.add(builder -> builder.allowNonFinite());
    return this;
  }

  // ----------------------------------------------------------------------------------- to run

  History run(List<? extends F> features, List<? extends L> labels, int epochs) {
    requirePairs(model.name(), features, labels);
    State state = model.state();
    boolean learnsFeatures = model.featureType().needsStatistics(model);
    boolean learnsLabels = model.labelType().needsStatistics(state);
    boolean trained = false;
    try {
      if (learnsFeatures) {
        model.featureType().learn(model, features);
      }
      if (learnsLabels) {
        model.labelType().learn(state, labels);
      }
      Loss<T> weighted =
          classWeights.isEmpty() ? loss : model.labelType().weighted(loss, classWeights);
      TrainerBuilder<T> builder =
          Trainer.of(model).loss(weighted).optimizer(adam(TypedModel.LEARNING_RATE));
      trainer.forEach(option -> option.accept(builder));
      try (Trainer<T> built = builder.build()) {
        try {
          begin(built);
          Dataset<T> data = dataset(features, labels);
          if (validationFeatures != null) {
            Dataset<T> validation = dataset(validationFeatures, validationLabels);
            options.add(fit -> fit.validate(validation));
          }
          return built.fit(data, epochs, fit -> options.forEach(option -> option.accept(fit)));
        } finally {
          trained = built.optimizer().stepCount() > 0;
        }
      }
    } catch (Throwable e) {
      // Nothing has been trained by statistics that were taken for it.
      if (learnsFeatures && !trained) {
        model.featureType().forget(model);
      }
      if (learnsLabels && !trained) {
        model.labelType().forget(state);
      }
      throw e;
    }
  }

  private void begin(Trainer<T> built) {
    try {
      start.of(built);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Dataset<T> dataset(List<? extends F> features, List<? extends L> labels) {
    T targets = model.labelType().targets(model.dtype(), model.state(), labels);
    return model.labelType().dataset(model.tensors(features), targets);
  }

  static void requirePairs(String network, List<?> features, List<?> labels) {
    Objects.requireNonNull(features, "features");
    Objects.requireNonNull(labels, "labels");
    if (features.size() != labels.size()) {
      throw new IllegalArgumentException(
          network
              + ": there are "
              + features.size()
              + " samples, but "
              + labels.size()
              + " labels; each sample has one.");
    }
  }
}
