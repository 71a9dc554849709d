package dev.tenon.runtime.model;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import java.util.List;
import java.util.Objects;

/**
 * A trainable network with one input of numbers and one output. Training and evaluation are
 * different methods, never a flag: {@link #forward(Tensor)} and {@link #backward(Tensor)} train,
 * {@link #predict(Tensor)} evaluates.
 *
 * <p>Every check is made before anything changes: after an exception, parameters, gradients,
 * running statistics and counters are as before. {@link Model} says what a failure in the middle
 * leaves. One thread calls at a time; a call overwrites the tensors that the call before returned,
 * if the same thread made both.
 */
public interface SingleModel extends Model {
  /**
   * The shape of one input sample.
   *
   * @return a copy, without the batch axis, such as {@code [3, 32, 32]}
   */
  int[] inputShape();

  /**
   * The shape of one output sample.
   *
   * @return a copy, without the batch axis, such as {@code [10]}
   */
  int[] outputShape();

  /**
   * Training forward: normalises by batch statistics, updates running statistics, applies dropout,
   * and keeps what {@link #backward(Tensor)} needs.
   *
   * @param input {@code [batch, input shape]}; must stay unchanged until the backward is done
   * @return {@code [batch, output shape]}; owned by the model and overwritten by its next forward
   * @throws IllegalArgumentException for a wrong shape or element type, or a batch of one value per
   *     channel in front of batch statistics
   */
  Tensor forward(Tensor input);

  /**
   * The evaluation forward, in a form that {@link #backward(Tensor)} can follow: for saliency maps
   * and for fine-tuning as in evaluation. Batch norms normalise by their running statistics (by the
   * batch, where they keep none), dropout passes everything, and no statistic or counter moves.
   * {@link #predict(Tensor)} gives the same values with less memory.
   *
   * @param input {@code [batch, ...inputShape]}
   * @return {@code [batch, ...outputShape]}; the model owns and overwrites it at its next forward
   * @throws IllegalArgumentException if shape or element type do not match
   */
  Tensor forwardEvaluation(Tensor input);

  /**
   * Writes the gradients of all parameters for the last {@link #forward(Tensor)}. Gradients are
   * overwritten, never added to. May be called once per forward.
   *
   * @param outputGradient derivative of the loss by the forward's result, of the same shape
   * @throws IllegalStateException if there was no forward since the last backward
   * @throws IllegalArgumentException for a wrong shape or element type
   */
  void backward(Tensor outputGradient);

  /**
   * As {@link #backward(Tensor)}, and also computes the derivative of the loss by the input.
   *
   * @param outputGradient derivative of the loss by the forward's result, of the same shape
   * @return {@code [batch, input shape]}; owned by the model and overwritten by its next call
   * @throws IllegalStateException if there was no forward since the last backward
   * @throws IllegalArgumentException for a wrong shape or element type
   */
  Tensor backwardToInput(Tensor outputGradient);

  /**
   * Evaluation forward: uses the running statistics, drops nothing, updates nothing.
   *
   * @param input {@code [batch, input shape]}
   * @return {@code [batch, output shape]}; owned by the model and overwritten by its next predict
   * @throws IllegalArgumentException for a wrong shape or element type
   */
  Tensor predict(Tensor input);

  @Override
  SingleModel piece(PieceExchange exchange);

  /**
   * {@inheritDoc}
   *
   * @return one, {@code input} of {@link #inputShape} unless the model says otherwise
   */
  @Override
  default List<TensorSpec> inputs() {
    return List.of(TensorSpec.of("input", dtype(), inputShape()));
  }

  /**
   * {@inheritDoc}
   *
   * @return one, {@code output} of {@link #outputShape} unless the model says otherwise
   */
  @Override
  default List<TensorSpec> outputs() {
    return List.of(TensorSpec.of("output", dtype(), outputShape()));
  }

  @Override
  default Tensor[] forward(Tensor[] inputs) {
    Objects.requireNonNull(inputs, "inputs");
    return new Tensor[] {forward(only("input", inputs))};
  }

  @Override
  default Tensor[] forwardEvaluation(Tensor[] inputs) {
    Objects.requireNonNull(inputs, "inputs");
    return new Tensor[] {forwardEvaluation(only("input", inputs))};
  }

  @Override
  default void backward(Tensor[] outputGradients) {
    Objects.requireNonNull(outputGradients, "outputGradients");
    backward(only("output gradient", outputGradients));
  }

  @Override
  default Tensor[] backwardToInputs(Tensor[] outputGradients) {
    Objects.requireNonNull(outputGradients, "outputGradients");
    return new Tensor[] {backwardToInput(only("output gradient", outputGradients))};
  }

  @Override
  default Tensor[] predict(Tensor[] inputs) {
    Objects.requireNonNull(inputs, "inputs");
    return new Tensor[] {predict(only("input", inputs))};
  }

  private Tensor only(String what, Tensor[] tensors) {
    if (tensors.length != 1) {
      throw new IllegalArgumentException(
          name() + ": expected one " + what + ", got " + tensors.length + ".");
    }
    return tensors[0];
  }
}
