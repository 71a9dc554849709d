package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;

/**
 * The mean of an objective over the batches of a data set: the sum of all losses divided by the sum
 * of their weights. Allocates nothing once made. Not synchronised.
 *
 * @param <T> what the targets of a batch are
 */
public interface LossMean<T> {
  /**
   * Adds a batch.
   *
   * @param predictions what the network said, one tensor for each output
   * @param targets what it should have said
   * @throws IllegalArgumentException as {@link Objective#check}
   */
  void add(Tensor[] predictions, T targets);

  /**
   * Adds a batch whose value is known.
   *
   * @param value what {@link Objective#forward} or {@link Objective#forwardBackward} has given
   * @param predictions what the network said, one tensor for each output
   * @param targets what it should have said
   * @throws IllegalArgumentException as {@link Objective#check}
   */
  void add(double value, Tensor[] predictions, T targets);

  /**
   * The mean of what was added. For {@link Reduction#SUM}, the mean over the samples.
   *
   * @return NaN if nothing was added, or nothing of it was to be judged
   */
  double value();

  /**
   * The mean of one output by itself, without its weight in the whole.
   *
   * @param output number of the output, from 0
   * @return as {@link #value}; NaN for batches that were added by their value alone where that does
   *     not tell the outputs apart
   * @throws IndexOutOfBoundsException if there is no such output
   */
  double value(int output);

  /**
   * Whether every loss was a finite number. A mean may be NaN although they were, because all
   * labels were ignored.
   *
   * @return true for nothing
   */
  boolean isFinite();

  /**
   * What was added so far, as numbers for {@link #restore}: a checkpoint in the middle of an epoch
   * has them.
   *
   * @return a new array
   * @throws UnsupportedOperationException if it cannot be saved, as the default here says
   */
  default double[] save() {
    throw new UnsupportedOperationException(
        getClass().getName()
            + ": this mean cannot be in a checkpoint in the middle of an epoch. Implement save and"
            + " restore of LossMean; nothing was written.");
  }

  /**
   * Goes on from what {@link #save} gave.
   *
   * @param saved of a mean of the same objective
   * @throws IllegalArgumentException if they are not as many numbers; nothing is changed then
   * @throws UnsupportedOperationException if it cannot be restored, as the default here says
   */
  default void restore(double... saved) {
    throw new UnsupportedOperationException(
        getClass().getName() + ": implement save and restore of LossMean.");
  }
}
