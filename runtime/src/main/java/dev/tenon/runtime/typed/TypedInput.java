package dev.tenon.runtime.typed;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.Model;
import java.util.List;
import java.util.Objects;

/**
 * A model whose input is a record: {@code @Network(features = Iris.class)}.
 *
 * @param <F> the record
 */
public interface TypedInput<F> extends Model {
  /**
   * How the record becomes numbers.
   *
   * @return the same object at every call
   */
  FeatureType<F> featureType();

  /**
   * The inputs that records make, normalised if the network normalises: the components that no
   * layer reads by name, then those that one does.
   *
   * @param samples one for each sample of the batch
   * @return new tensors in the order of {@link #inputs()}: {@code [samples, columns]} of numbers,
   *     {@code [samples]} of an enum's constants
   * @throws IllegalArgumentException as {@link #tensor} throws
   * @throws IllegalStateException if the network normalises and has no statistics yet
   */
  default List<Tensor> tensors(List<? extends F> samples) {
    Objects.requireNonNull(samples, "samples");
    return List.of(featureType().tensors(this, samples));
  }

  /**
   * The only input that records make, normalised if the network normalises.
   *
   * @param samples one for each sample of the batch
   * @return a new tensor {@code [samples, columns]}
   * @throws IllegalArgumentException if a sample or a component of one is null, an array has
   *     another length than {@code @Size} says, or a number is NaN, infinite or too large for a
   *     float32 network; the message names the component and the index
   * @throws IllegalStateException if the network normalises and has no statistics yet, or has
   *     several inputs, which {@link #tensors} makes
   */
  default Tensor tensor(List<? extends F> samples) {
    Objects.requireNonNull(samples, "samples");
    return featureType().tensor(this, samples);
  }

  /**
   * Takes the mean and the standard deviation of every numeric value (divided by the number of
   * samples) into the state, {@code features.mean} and {@code features.std}, by which inputs are
   * normalised from then on. A value that is the same in all samples keeps a deviation of 1;
   * booleans and enums are left as they are. {@code fit} does this with its samples, unless it has
   * been done.
   *
   * @param samples the training set
   * @throws IllegalArgumentException if there is none, or as {@link #tensor} throws; the state is
   *     unchanged then
   * @throws IllegalStateException if the network does not normalise, or another thread is in a call
   *     of the model
   */
  default void normalizeBy(List<? extends F> samples) {
    Objects.requireNonNull(samples, "samples");
    String outer = state().claim().begin(name(), "normalizeBy");
    try {
      featureType().learn(this, samples);
    } finally {
      state().claim().end(outer);
    }
  }
}
