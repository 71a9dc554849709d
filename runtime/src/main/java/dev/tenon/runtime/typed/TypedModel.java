package dev.tenon.runtime.typed;

import static dev.tenon.runtime.optim.Optimizers.sgd;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.History;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainingListener;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A model from a record to a label: {@code @Network(features = Iris.class, labels =
 * Species.class)}.
 *
 * <pre>{@code
 * IrisNetModel model = IrisNetModel.create(1);
 * model.fit(irises, species, 100);
 * Classification<Species> guess = model.predict(new Iris(5.1f, 3.5f, 1.4f, 0.2f));
 * guess.label();
 * guess.probability(Species.SETOSA);
 * }</pre>
 *
 * @param <F> the record that samples are
 * @param <L> what a label is
 * @param <P> what a prediction is: a {@link Classification}, a {@link MultiLabel}, or a record
 * @param <T> type of a batch's targets: {@code int[]} for an enum, {@link Tensor} for all others
 */
public interface TypedModel<F, L, P, T> extends TypedInput<F>, TypedOutput<L, P, T> {
  /** Adam's learning rate where no other is asked for: PyTorch's default. */
  double LEARNING_RATE = 1e-3;

  /**
   * Samples and labels as a trainer takes them.
   *
   * @param features one record for each sample
   * @param labels one for each sample
   * @return a dataset on new tensors
   * @throws IllegalArgumentException if there are more of one than of the other, or as {@link
   *     #tensor} and {@link #targets} throw
   * @throws IllegalStateException if the network normalises and has no statistics yet
   */
  default Dataset<T> dataset(List<? extends F> features, List<? extends L> labels) {
    Objects.requireNonNull(features, "features");
    Objects.requireNonNull(labels, "labels");
    TypedFit.requirePairs(name(), features, labels);
    if (labelType().needsStatistics(state())) {
      throw new IllegalStateException(
          name()
              + ": it normalises labels by the mean and the standard deviation of its training set,"
              + " which are not known yet. Call fit(features, labels, ...) or"
              + " normalizeBy(features, labels) first, or copy a state that has them.");
    }
    return pairs(features, labels);
  }

  /**
   * Trains with Adam, in batches of 64, by the loss that goes with the labels.
   *
   * @param features what to learn from, one record for each sample; a network that normalises and
   *     has no statistics yet takes them from these
   * @param labels one for each sample
   * @param epochs how often to go over them, at least 0
   * @return one report for every epoch
   * @throws IllegalArgumentException as {@link #dataset} and {@link Trainer#fit} throw; nothing has
   *     been trained then
   */
  default History fit(List<? extends F> features, List<? extends L> labels, int epochs) {
    Objects.requireNonNull(features, "features");
    Objects.requireNonNull(labels, "labels");
    return fit(features, labels, epochs, fit -> {});
  }

  /**
   * Trains by options: those of the trainer, the loss, weights of classes, samples to validate by.
   * Each call starts a trainer of its own; to go on with one, make it by {@link Trainer#of} and
   * hand it {@link #dataset}.
   *
   * <pre>{@code
   * model.fit(irises, species, 50, fit -> fit.optimizer(sgd(0.02).momentum(0.9)).batchSize(16));
   * }</pre>
   *
   * @param features what to learn from, one record for each sample; a network that normalises and
   *     has no statistics yet takes them from these
   * @param labels one for each sample; so does one that normalises its labels
   * @param epochs how often to go over them, at least 0
   * @param options changes the loss that goes with the labels, Adam, and what else there is
   * @param listeners told after every step and every epoch
   * @return one report for every epoch
   * @throws IllegalArgumentException as {@link #dataset} and {@link Trainer#fit} throw; nothing has
   *     been trained then
   */
  default History fit(
      List<? extends F> features,
      List<? extends L> labels,
      int epochs,
      Consumer<TypedFit<F, L, T>> options,
      TrainingListener... listeners) {
    Objects.requireNonNull(features, "features");
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listeners, "listeners");
    TypedFit<F, L, T> fit = new TypedFit<>(this);
    options.accept(fit);
    return fit.listen(listeners).run(features, labels, epochs);
  }

  /**
   * Takes the statistics of features and of labels into the state, by which both are normalised
   * from then on: as {@link #normalizeBy(List)} and, if the network normalises its labels, {@code
   * labels.mean} and {@code labels.std}. {@code fit} does this with its samples, unless it has been
   * done.
   *
   * @param features the training set
   * @param labels one for each sample
   * @throws IllegalArgumentException if there is none, more of one than of the other, or as {@link
   *     #tensor} and {@link #targets} throw; the state is unchanged then
   * @throws IllegalStateException if the network does not normalise
   */
  default void normalizeBy(List<? extends F> features, List<? extends L> labels) {
    Objects.requireNonNull(features, "features");
    Objects.requireNonNull(labels, "labels");
    TypedFit.requirePairs(name(), features, labels);
    targets(labels);
    featureType().learn(this, features);
    labelType().learn(state(), labels);
  }

  /**
   * Judges the model in evaluation mode. Changes nothing.
   *
   * @param features what to judge by, one record for each sample
   * @param labels one for each sample
   * @return mean loss and, by label, what there is: accuracy, precision, recall and F1 of classes,
   *     MAE, RMSE and R2 of numbers
   * @throws IllegalArgumentException as {@link #dataset} throws
   * @throws IllegalStateException if the network normalises and has no statistics yet, or as {@link
   *     #decode} throws
   */
  default TypedEvaluation<L> evaluate(List<? extends F> features, List<? extends L> labels) {
    Objects.requireNonNull(features, "features");
    Objects.requireNonNull(labels, "labels");
    Dataset<T> data = pairs(features, labels);
    Tensor[] inputs = tensors(features).toArray(Tensor[]::new);
    Tensor outputs = Predictions.of(this, inputs, features.size());
    // The optimiser is there because a trainer has one; it takes no step.
    try (Trainer<T> trainer =
        Trainer.of(this).loss(labelType().loss()).optimizer(sgd(LEARNING_RATE)).build()) {
      return labelType().judge(trainer.evaluate(data), state(), labels, outputs);
    }
  }

  /**
   * Predicts the label of one sample, in evaluation mode.
   *
   * @param sample a record
   * @return the prediction
   * @throws IllegalArgumentException as {@link #tensor} throws
   * @throws IllegalStateException if the network normalises and has no statistics yet, or as {@link
   *     #decode} throws
   */
  default P predict(F sample) {
    return decode(predict(featureType().tensors(this, sample))[0]).get(0);
  }

  /**
   * Predicts the labels of some samples, in evaluation mode, as one batch.
   *
   * @param samples records
   * @return one prediction for each
   * @throws IllegalArgumentException as {@link #tensor} throws
   * @throws IllegalStateException if the network normalises and has no statistics yet, or as {@link
   *     #decode} throws
   */
  default List<P> predict(List<? extends F> samples) {
    Objects.requireNonNull(samples, "samples");
    return decode(predict(featureType().tensors(this, samples))[0]);
  }

  private Dataset<T> pairs(List<? extends F> features, List<? extends L> labels) {
    TypedFit.requirePairs(name(), features, labels);
    T targets = targets(labels);
    return labelType().dataset(tensors(features), targets);
  }
}
