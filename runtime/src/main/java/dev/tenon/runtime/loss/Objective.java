package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;
import java.util.Objects;

/**
 * A function of all outputs of a network and their targets that training minimises: a {@link Loss}
 * for networks with several outputs. Implementations are immutable and may be shared by threads.
 *
 * <p>Every method checks its arguments before it writes anything.
 *
 * @param <T> what the targets of a batch are, such as {@link JointTargets}
 */
public interface Objective<T> {
  /**
   * Checks that targets fit predictions, without reading the predictions' values. The trainer calls
   * this before the forward, so that a bad label changes nothing.
   *
   * @param predictions tensors of the predictions' shapes and types, one for each output
   * @param targets the targets
   * @throws IllegalArgumentException if a number, shape, type or label does not fit
   */
  void check(Tensor[] predictions, T targets);

  /**
   * The value to minimise.
   *
   * @param predictions what the network said, one tensor for each output
   * @param targets what it should have said
   * @return one number, added up in float64
   * @throws IllegalArgumentException as {@link #check}
   */
  double forward(Tensor[] predictions, T targets);

  /**
   * The loss of every output separately.
   *
   * @param predictions what the network said, one tensor for each output
   * @param targets what it should have said
   * @return one number for each output, without weights
   * @throws IllegalArgumentException as {@link #check}
   */
  double[] forwardEach(Tensor[] predictions, T targets);

  /**
   * The value to minimise and its derivatives by the predictions.
   *
   * @param predictions what the network said, one tensor for each output
   * @param targets what it should have said
   * @param gradients overwritten with the derivatives; shapes and types of the predictions
   * @return one number, added up in float64
   * @throws IllegalArgumentException as {@link #check}, or if a gradient's shape or type differs
   */
  double forwardBackward(Tensor[] predictions, T targets, Tensor[] gradients);

  /**
   * How {@link #forward} and {@link #forwardBackward} reduce.
   *
   * @return mean unless it was told otherwise
   */
  Reduction reduction();

  /**
   * How a checkpoint calls it: a trainer resumes only with an objective of the same name.
   *
   * @return the name of its class, unless it says more
   */
  default String name() {
    Class<?> type = getClass();
    return type.isHidden() ? "a function" : type.getSimpleName();
  }

  /**
   * Starts the mean over the batches of a data set.
   *
   * @return for {@link JointLoss} and single losses one that does not depend on the size of a
   *     batch, by {@link Loss#sum} and {@link Loss#weight}. The default weighs each batch's value
   *     by its samples
   */
  default LossMean<T> mean() {
    return new SampleMean<>(this);
  }

  /**
   * A loss as the objective of a network with one output.
   *
   * @param loss the loss
   * @param <T> what a target is
   * @return computes what the loss does
   */
  static <T> Objective<T> of(Loss<T> loss) {
    return new SingleObjective<>(Objects.requireNonNull(loss, "loss"));
  }
}
