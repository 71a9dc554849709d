package dev.tenon.runtime.typed;

import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.sgd;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.History;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainingListener;
import java.util.List;
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
    T targets = targetsOf(features, labels);
    return labelType().dataset(tensors(features), targets);
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
    return fit(features, labels, epochs, trainer -> {});
  }

  /**
   * Trains as the trainer is set. Each call starts a trainer of its own; to go on with one, make it
   * by {@link Trainer#of} and hand it {@link #dataset}.
   *
   * <pre>{@code
   * model.fit(irises, species, 50, trainer -> trainer.optimizer(sgd(0.02).momentum(0.9)).batchSize(16));
   * }</pre>
   *
   * @param features what to learn from, one record for each sample; a network that normalises and
   *     has no statistics yet takes them from these
   * @param labels one for each sample
   * @param epochs how often to go over them, at least 0
   * @param options changes the trainer, which has the loss that goes with the labels, and Adam
   * @param listeners told after every step and every epoch
   * @return one report for every epoch
   * @throws IllegalArgumentException as {@link #dataset} and {@link Trainer#fit} throw; nothing has
   *     been trained then
   */
  default History fit(
      List<? extends F> features,
      List<? extends L> labels,
      int epochs,
      Consumer<Trainer.Builder<T>> options,
      TrainingListener... listeners) {
    T targets = targetsOf(features, labels);
    if (featureType().needsStatistics(this)) {
      normalizeBy(features);
    }
    Dataset<T> data = labelType().dataset(tensors(features), targets);
    Trainer.Builder<T> builder =
        Trainer.of(this).loss(labelType().loss()).optimizer(adam(LEARNING_RATE));
    options.accept(builder);
    try (Trainer<T> trainer = builder.build()) {
      return trainer.fit(data, epochs, listeners);
    }
  }

  /**
   * Judges the model in evaluation mode. Changes nothing.
   *
   * @param features what to judge by, one record for each sample
   * @param labels one for each sample
   * @return mean loss and, for an enum, accuracy
   * @throws IllegalArgumentException as {@link #dataset} throws
   * @throws IllegalStateException if the network normalises and has no statistics yet
   */
  default Evaluation evaluate(List<? extends F> features, List<? extends L> labels) {
    Dataset<T> data = dataset(features, labels);
    // The optimiser is there because a trainer has one; it takes no step.
    try (Trainer<T> trainer =
        Trainer.of(this).loss(labelType().loss()).optimizer(sgd(LEARNING_RATE)).build()) {
      return trainer.evaluate(data);
    }
  }

  /**
   * Predicts the label of one sample, in evaluation mode.
   *
   * @param sample a record
   * @return the prediction
   * @throws IllegalArgumentException as {@link #tensor} throws
   * @throws IllegalStateException if the network normalises and has no statistics yet
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
   * @throws IllegalStateException if the network normalises and has no statistics yet
   */
  default List<P> predict(List<? extends F> samples) {
    return decode(predict(featureType().tensors(this, samples))[0]);
  }

  /** One target for each sample. */
  private T targetsOf(List<? extends F> features, List<? extends L> labels) {
    if (features.size() != labels.size()) {
      throw new IllegalArgumentException(
          name()
              + ": there are "
              + features.size()
              + " samples, but "
              + labels.size()
              + " labels; each sample has one.");
    }
    return targets(labels);
  }
}
