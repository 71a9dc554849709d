package dev.tenon.runtime.model;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.math.Finite;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import dev.tenon.runtime.state.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A trainable network with any number of inputs and outputs; {@link SingleModel} is one with one of
 * each. Tensors come and go in arrays, in the order of {@link #inputs} and {@link #outputs}; a
 * generated model also has methods that take and give them by name.
 *
 * <p>Training and evaluation are different methods, never a flag: {@link #forward} and {@link
 * #backward} train, {@link #predict} evaluates.
 *
 * <p>Every check is made before anything changes: after an exception, parameters, gradients,
 * running statistics and counters are as before. A forward that fails later, because a function of
 * the user's throws or memory runs out, puts running statistics, counters and random numbers back
 * as they were; only the forward before it is lost, so that no backward may follow. A backward that
 * fails leaves gradients of which some are its own and others older: no backward may follow, and
 * optimisers refuse to step until a backward has succeeded.
 *
 * <p>A model serves one thread at a time, whichever that is: if another calls meanwhile, it gets an
 * {@link IllegalStateException} that names both, and the call under way is unharmed. A training
 * holds the model from its begin to its end; only its own thread, in a listener, may use it. To
 * work with one network in several threads, make a model for each and copy the state. The threads
 * that a model uses itself are no callers. A function of a layer must not call its model.
 *
 * <p>A call overwrites the arrays and tensors that the call before returned, if the same thread
 * made both. What another thread was given stays as it is.
 */
public interface Model {
  /**
   * The network's name.
   *
   * @return the simple name of the annotated type, such as {@code CifarNet}
   */
  String name();

  /**
   * The parameters, gradients, running statistics and counters.
   *
   * @return the same object at every call
   */
  State state();

  /**
   * What the network takes.
   *
   * @return an unmodifiable list of at least one
   */
  List<TensorSpec> inputs();

  /**
   * What the network gives.
   *
   * @return an unmodifiable list of at least one
   */
  List<TensorSpec> outputs();

  /**
   * Views of all layers.
   *
   * @return an unmodifiable list in declaration order
   */
  List<Layer> layers();

  /**
   * Training forward: normalises by batch statistics, updates running statistics, applies dropout,
   * and keeps what {@link #backward} needs.
   *
   * @param inputs {@code [batch, ...]} for each of {@link #inputs()}, with one batch size; must
   *     stay unchanged until the backward is done
   * @return {@code [batch, ...]} for each of {@link #outputs()}; owned by the model and overwritten
   *     by its next forward
   * @throws IllegalArgumentException for a wrong number of tensors, shape or element type, batches
   *     that differ, an index out of range, or a batch of one value per channel in front of batch
   *     statistics
   */
  Tensor[] forward(Tensor[] inputs);

  /**
   * The evaluation forward, in a form that {@link #backward} can follow: for saliency maps and for
   * fine-tuning as in evaluation. Batch norms normalise by their running statistics (by the batch,
   * where they keep none), dropout passes everything, and no statistic or counter moves. {@link
   * #predict} gives the same values with less memory.
   *
   * @param inputs as for {@link #forward}
   * @return as from {@link #forward}
   * @throws IllegalArgumentException as {@link #forward}
   */
  Tensor[] forwardEvaluation(Tensor[] inputs);

  /**
   * Takes back what the last {@link #forward} moved: running statistics, counters and the place in
   * the random numbers are as before it, so that the next forward gives what this one gave. For
   * whoever must give up a training step after its forward, at any time until the next forward
   * begins. A backward that is due is forgotten. Gradients and parameters are left alone. Does
   * nothing if the last forward was taken back already, failed, or was a {@link
   * #forwardEvaluation}.
   *
   * <p>Generated models and pieces of them do this. The default here, for models written by hand,
   * does nothing: it does not know what their forward moves.
   */
  default void undoForward() {
    // A model that moves something in its forward says how it goes back.
  }

  /**
   * The place in the random numbers that the next {@link #forward} draws, for dropout and whatever
   * else is random: how many training forwards were made. A checkpoint keeps it.
   *
   * @return at least 0; 0, the default here, for models that draw none
   */
  default long randomPosition() {
    return 0;
  }

  /**
   * Goes to a place in the random numbers: the next {@link #forward} draws what it would draw after
   * so many.
   *
   * @param position as {@link #randomPosition()} gave it
   * @throws IllegalArgumentException if it is negative, or this model, written by hand, draws none
   */
  default void randomPosition(long position) {
    if (position != 0) {
      throw new IllegalArgumentException(
          name()
              + ": the position in the random numbers must be 0, because this model draws none, but"
              + " is "
              + position
              + ". A model that draws some overrides both methods randomPosition.");
    }
  }

  /**
   * Writes the gradients of all parameters for the last {@link #forward}. Gradients are
   * overwritten, never added to. May be called once per forward.
   *
   * @param outputGradients derivative of the loss by each of the forward's results, of its shape
   * @throws IllegalStateException if there was no forward since the last backward
   * @throws IllegalArgumentException for a wrong number of tensors, shape or element type
   */
  void backward(Tensor[] outputGradients);

  /**
   * As {@link #backward}, and also computes the derivatives of the loss by the inputs.
   *
   * @param outputGradients derivative of the loss by each of the forward's results, of its shape
   * @return {@code [batch, ...]} for each of {@link #inputs()}, null for indices; owned by the
   *     model and overwritten by its next call
   * @throws IllegalStateException if there was no forward since the last backward
   * @throws IllegalArgumentException for a wrong number of tensors, shape or element type
   */
  Tensor[] backwardToInputs(Tensor[] outputGradients);

  /**
   * Whether all gradients that the last {@link #backward} wrote are finite numbers, those of frozen
   * parameters left out. Allocates nothing, and takes a small part of a step.
   *
   * @return false if one is infinite or NaN
   */
  default boolean hasFiniteGradients() {
    return state().arrays().areGradientsFinite(Finite::all);
  }

  /**
   * Evaluation forward: uses the running statistics, drops nothing, updates nothing.
   *
   * @param inputs {@code [batch, ...]} for each of {@link #inputs()}, with one batch size
   * @return {@code [batch, ...]} for each of {@link #outputs()}; owned by the model and overwritten
   *     by its next predict
   * @throws IllegalArgumentException for a wrong number of tensors, shape or element type, batches
   *     that differ, or an index out of range
   */
  Tensor[] predict(Tensor[] inputs);

  /**
   * A model that works on one of several pieces of each batch: it has this model's parameters,
   * running statistics, counters and layers, and its own gradients and working memory. {@code
   * dev.tenon.runtime.parallel.PiecewiseModel} puts such pieces together again.
   *
   * @param exchange joins the piece with the others
   * @return a new model
   */
  Model piece(PieceExchange exchange);

  /**
   * The smallest batch that {@link #forward} accepts (apart from the empty one): 2 when a batch
   * norm sees one value per channel and sample and its statistics are not frozen, else 1. The
   * trainer merges a last batch that is smaller into the one before it.
   *
   * @return 1 or 2; this default is 2 as soon as there is any batch norm, generated models know it
   *     exactly
   */
  default int minimumTrainingBatch() {
    return layers().stream().anyMatch(BatchNorm.class::isInstance) ? 2 : 1;
  }

  /**
   * Limits how many threads a call of this model may use. Results have the same bits for any
   * number.
   *
   * @param count at least 1, the calling thread among them; more than there are cores are as many
   *     as there are cores
   * @throws IllegalArgumentException for less than 1
   */
  default void threads(int count) {
    // Generated models hand their loops to a pool; a model that does not has nothing to limit.
    if (count < 1) {
      throw new IllegalArgumentException(
          name() + ": threads must be at least 1, but is " + count + ".");
    }
  }

  /**
   * How many threads a call of this model may use.
   *
   * @return for generated models, the number of cores unless {@link #threads(int)} set another; 1,
   *     the default here, for models that do not split their loops
   */
  default int threads() {
    return 1;
  }

  /**
   * Runs training steps and predictions on random numbers until the virtual machine has compiled
   * the model: until they no longer become faster, for some 7 seconds at most, or as long as the
   * first round takes. Nothing that can be observed changes: parameters, gradients, statistics,
   * counters, random numbers, results, and a backward that is due are as before. It works on a
   * {@link #piece} of its own, whose memory is free afterwards.
   *
   * @param batch the batch size to run: that of the work to come, since a small one leaves out the
   *     loops over many samples
   * @throws IllegalArgumentException if it is below {@link #minimumTrainingBatch}
   */
  default void warmUp(int batch) {
    WarmUp.run(this, batch);
  }

  /**
   * Gives back the working memory that calls have grown to, which is that of the largest batch so
   * far: for the next call it grows again, as far as its batch needs. Parameters, gradients,
   * statistics, counters and random numbers are as before, and so is every result. Tensors that
   * were returned stay as they are, and are not used again by the model. Because a backward works
   * on the memory of its forward, one that is due is forgotten: call {@code forward} again first.
   *
   * <p>Generated models and pieces of them do this. The default here, for models written by hand,
   * does nothing: it does not know what they keep.
   */
  default void trim() {
    // A model that keeps working memory says how it gives it back.
  }

  /**
   * Saves the model as a file of safetensors: everything in its {@link #state} under PyTorch's
   * names and shapes, and what the file is of, see {@link State#metadata}. Generated models have a
   * static {@code load(path)} that makes a model of such a file. The file is written beside, forced
   * to disk and moved into place: whatever happens, the old file or the new one is there, and
   * whole.
   *
   * @param path where to, usually {@code .safetensors}; its directory must exist
   * @throws IOException if it cannot be written; what was at the path is as before
   * @throws UnsupportedOperationException if this model was not generated
   */
  default void save(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    throw new UnsupportedOperationException(
        name()
            + ": this model cannot save itself. Write Weights.of(model.state().tensors()) to the"
            + " file.");
  }

  /**
   * The parameters, in declaration order.
   *
   * @return an unmodifiable list
   */
  default List<Parameter> parameters() {
    return state().parameters();
  }

  /**
   * The running statistics, in declaration order.
   *
   * @return an unmodifiable list
   */
  default List<RunningStat> runningStats() {
    return state().runningStats();
  }

  /**
   * Element type of the state, the outputs and the inputs that are no indices.
   *
   * @return the type
   */
  default DType dtype() {
    return state().dtype();
  }

  /**
   * The number of parameter values.
   *
   * @return the sum of the parameters' sizes
   */
  default int parameterCount() {
    return state().parameterCount();
  }
}
