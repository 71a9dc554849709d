package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;

/**
 * A function of a prediction and a target that training minimises. Implementations are immutable
 * and may be shared by threads.
 *
 * <p>Every method checks its arguments before it writes anything.
 *
 * @param <T> what a target is: {@code int[]} for class indices, {@link Tensor} for values
 */
public interface Loss<T> {
  /**
   * Checks that a target fits a prediction, without reading the prediction's values. The trainer
   * calls this before the forward, so that a bad label changes nothing.
   *
   * @param prediction a tensor of the prediction's shape and type
   * @param target the target
   * @throws IllegalArgumentException if shape, type or a label does not fit
   */
  void check(Tensor prediction, T target);

  /**
   * The loss.
   *
   * @param prediction what the network said
   * @param target what it should have said
   * @return one number, added up in float64
   * @throws IllegalArgumentException as {@link #check}
   */
  double forward(Tensor prediction, T target);

  /**
   * The loss and its derivative by the prediction.
   *
   * @param prediction what the network said
   * @param target what it should have said
   * @param gradient overwritten with the derivative; shape and type of the prediction
   * @return one number, added up in float64
   * @throws IllegalArgumentException as {@link #check}, or if the gradient's shape or type differs
   */
  double forwardBackward(Tensor prediction, T target, Tensor gradient);

  /**
   * The loss of every element separately (PyTorch's reduction "none").
   *
   * @param prediction what the network said
   * @param target what it should have said
   * @param losses overwritten; type of the prediction, and its shape or, for cross entropy, its
   *     shape without the class axis
   * @throws IllegalArgumentException as {@link #check}, or if the shape or type of {@code losses}
   *     is wrong
   */
  void elementwise(Tensor prediction, T target, Tensor losses);

  /**
   * How {@link #forward} and {@link #forwardBackward} reduce.
   *
   * @return mean unless the loss was told otherwise
   */
  Reduction reduction();

  /**
   * The loss and everything that it was told, in words. A checkpoint is resumed with a loss that
   * says the same, so a loss of yours that has options names them here.
   *
   * @return the name of the class and the reduction, unless it says more
   */
  default String settings() {
    return getClass().getSimpleName() + "[reduction=" + reduction() + "]";
  }

  /**
   * How much a batch counts in the mean over a data set, which is the sum of the batches' {@link
   * #sum} divided by the sum of their weights, whatever the size of a batch. A loss whose mean is
   * not over the samples, such as one that ignores some labels or weighs them, overrides this.
   *
   * @param prediction what the network said
   * @param target what it should have said
   * @return what the mean divides by, such as the weights of the labels that are not ignored; the
   *     number of samples, which is the default, for {@link Reduction#SUM}
   * @throws IllegalArgumentException as {@link #check}
   */
  default double weight(Tensor prediction, T target) {
    return prediction.dim(0);
  }

  /**
   * The sum of a batch's losses, of which {@link #forward} may be the mean.
   *
   * @param prediction what the network said
   * @param target what it should have said
   * @return {@code forward} for {@link Reduction#SUM}; for {@link Reduction#MEAN} what it divides
   *     by {@link #weight}, which is 0 where nothing was to be judged. The default multiplies the
   *     mean with the weight
   * @throws IllegalArgumentException as {@link #check}
   */
  default double sum(Tensor prediction, T target) {
    double value = forward(prediction, target);
    if (reduction() == Reduction.SUM) {
      return value;
    }
    double weight = weight(prediction, target);
    return weight == 0 ? 0 : value * weight;
  }
}
