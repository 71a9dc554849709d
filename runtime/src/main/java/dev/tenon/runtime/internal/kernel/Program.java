package dev.tenon.runtime.internal.kernel;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.internal.parallel.WorkerPool;
import dev.tenon.runtime.math.Finite;
import dev.tenon.runtime.state.State;
import java.util.Objects;

/**
 * A generated network as its model runs it: working memory, and the order in which the kernels run
 * on it. A network may have several programs, which compute the same on other kernels; its model
 * picks one.
 *
 * <p>A program checks nothing: its model has seen to shapes, types and the order of calls.
 */
public interface Program extends Finite.Floats {
  /**
   * Shares the work of the calls that follow with other threads, or no longer.
   *
   * @param workers the threads
   */
  void runOn(WorkerPool workers);

  /**
   * The threads that the calls use.
   *
   * @return what {@link #runOn} was given last
   */
  WorkerPool workers();

  /**
   * Checks that the working memory can hold a batch, before anything changes.
   *
   * @param batch its size
   * @param training whether for {@link #forward}, or for {@link #predict}
   * @throws IllegalArgumentException if an array of it would have too many values; the message says
   *     which, and the largest batch that fits
   */
  void requireRoom(int batch, boolean training);

  /**
   * The training forward, or with {@link Pass#isEvaluation} the evaluation in a form that {@link
   * #backward} can follow.
   *
   * @param inputs {@code [pass.batch(), ...]} for each input; may be empty for a piece of a batch
   * @param outputs {@code [pass.batch(), ...]} for each output, are filled
   * @param pass what this forward is given besides the tensors
   */
  void forward(Tensor[] inputs, Tensor[] outputs, Pass pass);

  /**
   * Computes the gradients of all parameters for the last forward.
   *
   * @param outputGradients {@code [pass.batch(), ...]} for each output
   * @param inputGradients {@code [pass.batch(), ...]} for each input, are filled, those of indices
   *     left alone; null when they are not wanted
   * @param pass that of the last forward
   */
  void backward(Tensor[] outputGradients, Tensor[] inputGradients, Pass pass);

  /** Gives back the working memory that grows with the batch; the next call makes it anew. */
  void trim();

  /**
   * Makes a program of the same kind.
   *
   * @param other the state that it works on, which lies as this one's does
   * @param otherWorkers the threads that share its work
   * @return a new program with working memory of its own
   */
  Program on(State other, WorkerPool otherWorkers);

  /**
   * The evaluation.
   *
   * @param inputs {@code [batch, ...]} for each input, with a batch of at least 1
   * @param outputs {@code [batch, ...]} for each output, are filled
   */
  void predict(Tensor[] inputs, Tensor[] outputs);

  @Override
  default boolean areFinite(float[] values, int from, int to) {
    Objects.requireNonNull(values, "values");
    return Finite.all(values, from, to);
  }
}
