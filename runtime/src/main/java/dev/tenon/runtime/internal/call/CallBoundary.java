package dev.tenon.runtime.internal.call;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.internal.layout.Shapes;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.state.Claim;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.state.StateArrays;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a generated model checks at the edge of each call, and the tensors that it hands out. All
 * checks come before any change, so a model that calls them first is unchanged after an exception.
 *
 * <p>Each call stands between {@link #begin} and {@link #end}, which keep other threads out; all
 * other methods are for the thread between them.
 */
public final class CallBoundary {
  /** How far the model has come; but for one of them, a backward is refused. */
  private enum Phase {
    NOTHING(
        "no forward came before it. Call forward (training mode) first; predict keeps nothing for a"
            + " backward."),
    FORWARD_BEGUN(
        "the last forward failed in the middle, and the forward before it is lost, because its"
            + " buffers were written over. Call forward again first."),
    FORWARD_DONE(""),
    FORWARD_UNDONE("the last forward was taken back by undoForward. Call forward again first."),
    TRIMMED(
        "trim gave back the memory that the last forward had filled for it. Call forward again"
            + " first."),
    BACKWARD_BEGUN(
        "the backward of the last forward failed in the middle, after it had begun to reuse the"
            + " forward's buffers. Call forward again first."),
    BACKWARD_DONE("");

    private final String refusal;

    Phase(String refusal) {
      this.refusal = refusal;
    }
  }

  private final String network;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;

  /** What messages call the inputs; put together in every call, names would be garbage. */
  private final List<String> inputNames;

  /** What messages call the gradients of the outputs. */
  private final List<String> gradientNames;

  private final Claim claim;
  private final State state;
  private final Batches outputTensors;
  private final Batches predictions;
  private final Batches inputGradients;
  private final Tensor[] one = new Tensor[1];
  private Phase phase = Phase.NOTHING;
  private int forwardBatch;

  /**
   * Allocates no tensors yet.
   *
   * @param network name of the network, for messages
   * @param inputs what it takes
   * @param outputs what it gives
   * @param state the model's, whose claim its calls take
   */
  public CallBoundary(
      String network, List<TensorSpec> inputs, List<TensorSpec> outputs, State state) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(outputs, "outputs");
    Objects.requireNonNull(state, "state");
    this.network = network;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    inputNames =
        inputs.size() == 1
            ? List.of("an input")
            : inputs.stream().map(spec -> "the input " + spec.name()).toList();
    gradientNames =
        outputs.size() == 1
            ? List.of("an output gradient")
            : outputs.stream().map(spec -> "a gradient of " + spec.name()).toList();
    this.state = state;
    claim = state.claim();
    outputTensors = new Batches(outputs, claim);
    predictions = new Batches(outputs, claim);
    inputGradients = new Batches(inputs, claim);
  }

  /**
   * A network with one input of numbers and one output.
   *
   * @param network name of the network, for messages
   * @param state the model's, which has the element type of both
   * @param inputShape shape of one input sample, without the batch axis
   * @param outputShape shape of one output sample, without the batch axis
   */
  public CallBoundary(String network, State state, int[] inputShape, int[] outputShape) {
    this(
        network,
        List.of(spec("input", state, inputShape, "inputShape")),
        List.of(spec("output", state, outputShape, "outputShape")),
        state);
  }

  private static TensorSpec spec(String name, State state, int[] shape, String argument) {
    Objects.requireNonNull(state, "state");
    return TensorSpec.of(name, state.dtype(), Objects.requireNonNull(shape, argument));
  }

  /**
   * The text of the model: the network's name, the element type and the number of parameters in the
   * first line, then what the generated model gives. Reads nothing that a call changes, so any
   * thread may ask.
   *
   * @param layers inputs and layers with their shapes, each after a line feed, in pieces
   * @return the pieces put together after the first line
   */
  public String describe(String... layers) {
    Objects.requireNonNull(layers, "layers");
    int parameters = state.parameterCount();
    return network
        + ", "
        + state.dtype()
        + ", "
        + String.format(Locale.ROOT, "%,d", parameters)
        + (parameters == 1 ? " parameter" : " parameters")
        + String.join("", layers);
  }

  /**
   * Begins a call, which works on the model's memory: no other may begin until it ends.
   *
   * @param call its name
   * @return what {@link #end} is to be given
   * @throws IllegalStateException if another thread is in a call of this model, or this call came
   *     from within another one
   */
  public String begin(String call) {
    Objects.requireNonNull(call, "call");
    return claim.beginAlone(network, call);
  }

  /**
   * Ends a call, whether it succeeded or not.
   *
   * @param outer what its begin returned
   */
  public void end(String outer) {
    claim.end(outer);
  }

  /**
   * Tensors for each of several specifications, in an array that is always the same, until another
   * thread calls: the one before may still read what it got.
   */
  private static final class Batches {
    private final List<TensorSpec> specs;
    private final Claim claim;
    private int handovers;
    private BatchTensors[] tensors;
    private Tensor[] current;

    Batches(List<TensorSpec> specs, Claim claim) {
      this.specs = specs;
      this.claim = claim;
      renew();
    }

    Tensor[] get(int batch) {
      if (handovers != claim.handovers()) {
        renew();
        handovers = claim.handovers();
      }
      for (int i = 0; i < current.length; i++) {
        current[i] = tensors[i] == null ? null : tensors[i].get(batch);
      }
      return current;
    }

    boolean shareArrayWith(Tensor tensor) {
      for (BatchTensors own : tensors) {
        if (own != null && own.shareArrayWith(tensor)) {
          return true;
        }
      }
      return false;
    }

    /** Leaves the tensors to whoever has them. */
    void renew() {
      BatchTensors[] renewed = new BatchTensors[specs.size()];
      for (int i = 0; i < renewed.length; i++) {
        TensorSpec spec = specs.get(i);
        // Indices have no gradient and are never given, so they need no tensors.
        renewed[i] = spec.isIndices() ? null : new BatchTensors(spec.dtype(), spec.shape());
      }
      current = new Tensor[renewed.length];
      tensors = renewed;
    }
  }

  /**
   * A tensor as an array of one, which is the same at every call.
   *
   * @param tensor the only one; what is called with the array says what null was given for
   * @return an array to read before the next call
   */
  public Tensor[] one(Tensor tensor) {
    one[0] = tensor;
    return one;
  }

  /**
   * Checks an input, the only one.
   *
   * @param input expected {@code [batch, input shape]}; an empty batch is legal
   * @return the batch size
   * @throws IllegalArgumentException for a wrong shape or element type
   */
  public int input(Tensor input) {
    Objects.requireNonNull(input, "input");
    return inputs(one(input));
  }

  /**
   * Checks all inputs.
   *
   * @param tensors expected {@code [batch, shape]} for each, with one batch; an empty batch is
   *     legal
   * @return the batch size
   * @throws IllegalArgumentException for a wrong number of tensors, shape or element type, batches
   *     that differ, or an index out of range
   */
  public int inputs(Tensor[] tensors) {
    Objects.requireNonNull(tensors, "tensors");
    requireCount("input", inputs, tensors);
    for (int i = 0; i < tensors.length; i++) {
      Objects.requireNonNull(tensors[i], inputs.get(i).name());
      checkInput(i, tensors[i]);
    }
    int batch = tensors[0].dim(0);
    for (int i = 1; i < tensors.length; i++) {
      if (tensors[i].dim(0) != batch) {
        throw new IllegalArgumentException(
            network
                + ": the inputs are of one batch, but "
                + inputs.get(0).name()
                + " has "
                + batch
                + " samples and "
                + inputs.get(i).name()
                + " has "
                + tensors[i].dim(0)
                + ".");
      }
    }
    return batch;
  }

  private void requireCount(String what, List<TensorSpec> specs, Tensor[] tensors) {
    if (tensors.length != specs.size()) {
      throw new IllegalArgumentException(
          network
              + ": expected "
              + specs.size()
              + " "
              + what
              + (specs.size() == 1 ? "" : "s")
              + " ("
              + specs.stream().map(TensorSpec::toString).collect(Collectors.joining("; "))
              + "), got "
              + tensors.length
              + ".");
    }
  }

  private void checkInput(int index, Tensor input) {
    TensorSpec spec = inputs.get(index);
    if (!spec.isBatchOf(input)) {
      String remedy =
          input.rank() > 0 && Arrays.equals(input.shape(), spec.shape())
              ? " One sample is a batch of one: reshape it to "
                  + Shapes.text(Shapes.withBatch(1, spec.shape()))
                  + "."
              : "";
      throw new IllegalArgumentException(
          network
              + ": expected "
              + inputNames.get(index)
              + " of shape "
              + Shapes.batchText(spec.shape())
              + ", got "
              + Shapes.text(input.shape())
              + "."
              + remedy);
    }
    requireType(input, spec.dtype(), inputNames.get(index));
    if (spec.isIndices()) {
      spec.requireIndices(network, input);
    }
  }

  /**
   * Tensors that nothing changes while the model works on them where they are. What a model writes
   * (its results, gradients and running statistics) may be given to it again, such as an output as
   * the next input; it then works on a copy.
   *
   * @param tensors inputs or output gradients, checked
   * @param state the model's
   * @return the same array, or one with copies in place of tensors that share an array with what
   *     the model writes
   */
  public Tensor[] apart(Tensor[] tensors, State state) {
    Objects.requireNonNull(tensors, "tensors");
    Objects.requireNonNull(state, "state");
    Tensor[] apart = tensors;
    for (int i = 0; i < tensors.length; i++) {
      if (isWritten(tensors[i], state.arrays())) {
        if (apart == tensors) {
          apart = tensors.clone();
        }
        apart[i] = tensors[i].copy();
      }
    }
    return apart;
  }

  private boolean isWritten(Tensor tensor, StateArrays state) {
    return outputTensors.shareArrayWith(tensor)
        || predictions.shareArrayWith(tensor)
        || inputGradients.shareArrayWith(tensor)
        || state.writes(tensor);
  }

  /**
   * Checks that batch statistics can be computed: a variance needs more than one value per channel.
   * To be called before the training forward changes anything. An empty batch is legal.
   *
   * @param layerPath path of the batch norm, such as {@code block1.bn}
   * @param layerText its declaration, such as {@code @BatchNorm1d(features = 4)}
   * @param valuesPerSample values per channel in one sample: height times width, or 1
   * @param batch the batch size
   * @throws IllegalArgumentException if there is exactly one value per channel
   */
  public void requireMoreThanOneValue(
      String layerPath, String layerText, int valuesPerSample, int batch) {
    Objects.requireNonNull(layerPath, "layerPath");
    Objects.requireNonNull(layerText, "layerText");
    if ((long) batch * valuesPerSample != 1) {
      return;
    }
    // The product is 1 only for a batch of one of one value each.
    String shape =
        inputs.size() == 1
            ? "the input of shape " + Shapes.text(Shapes.withBatch(batch, inputs.get(0).shape()))
            : "a batch of " + batch;
    throw new IllegalArgumentException(
        network
            + ", "
            + layerPath
            + ": "
            + layerText
            + " needs more than 1 value per channel for batch statistics, but "
            + shape
            + " gives it 1 value per channel. A batch of 1 is the cause: each sample has 1 value"
            + " per channel here. Drop a last batch of 1 or merge it into the one before; to"
            + " evaluate one sample, call predict.");
  }

  /**
   * The tensor that {@link SingleModel#forward(Tensor)} returns.
   *
   * @param batch the batch size
   * @return {@code [batch, output shape]}; one of the two batch sizes used last allocates nothing
   */
  public Tensor output(int batch) {
    return outputs(batch)[0];
  }

  /**
   * The tensors that {@link Model#forward} returns.
   *
   * @param batch the batch size
   * @return {@code [batch, ...]} for each output, in an array that is the same at every call; one
   *     of the two batch sizes used last allocates nothing
   */
  public Tensor[] outputs(int batch) {
    return outputTensors.get(batch);
  }

  /**
   * The tensors that {@link Model#predict} returns.
   *
   * @param batch the batch size
   * @return as {@link #outputs}, in tensors apart from those
   */
  public Tensor[] predictions(int batch) {
    return predictions.get(batch);
  }

  /**
   * The tensor that {@link SingleModel#predict(Tensor)} returns.
   *
   * @param batch the batch size
   * @return {@code [batch, output shape]}; one of the two batch sizes used last allocates nothing
   */
  public Tensor prediction(int batch) {
    return predictions(batch)[0];
  }

  /**
   * The tensors that {@link Model#backwardToInputs} returns.
   *
   * @param batch the batch size
   * @return {@code [batch, ...]} for each input, null for indices, in an array that is the same at
   *     every call; one of the two batch sizes used last allocates nothing
   */
  public Tensor[] inputGradients(int batch) {
    return inputGradients.get(batch);
  }

  /**
   * The tensor that {@link SingleModel#backwardToInput} returns.
   *
   * @param batch the batch size
   * @return {@code [batch, input shape]}; one of the two batch sizes used last allocates nothing
   */
  public Tensor inputGradient(int batch) {
    return inputGradients(batch)[0];
  }

  /**
   * Notes that a forward begins, after all checks: the one before is forgotten, because its buffers
   * are about to be overwritten.
   */
  public void forwardBegins() {
    phase = Phase.FORWARD_BEGUN;
  }

  /**
   * Notes that a forward has finished, so that one backward may follow.
   *
   * @param batch its batch size
   */
  public void forwardDone(int batch) {
    forwardBatch = batch;
    phase = Phase.FORWARD_DONE;
  }

  /** Notes that what the last forward moved was put back, so no backward may follow. */
  public void forwardUndone() {
    if (phase == Phase.FORWARD_DONE) {
      phase = Phase.FORWARD_UNDONE;
    }
  }

  /**
   * Notes that the working memory is given back, and gives back the tensors that were handed out,
   * which are left to whoever has them. No backward may follow the last forward.
   */
  public void trim() {
    if (phase == Phase.FORWARD_DONE) {
      phase = Phase.TRIMMED;
    }
    one[0] = null;
    outputTensors.renew();
    predictions.renew();
    inputGradients.renew();
  }

  /**
   * Notes that a backward begins to write gradients, after all checks. Until {@link #backwardDone}
   * optimisers refuse to step by them.
   */
  public void backwardBegins() {
    state.arrays().gradientsBegin();
    phase = Phase.BACKWARD_BEGUN;
  }

  /** Notes that a backward has finished, so that another needs another forward. */
  public void backwardDone() {
    phase = Phase.BACKWARD_DONE;
    state.arrays().gradientsDone();
  }

  /**
   * Checks the gradient given to a backward, of the only output.
   *
   * @param outputGradient expected {@code [batch of the last forward, output shape]}
   * @return the batch size of the last forward
   * @throws IllegalStateException as {@link #backward(Tensor[])}
   * @throws IllegalArgumentException as {@link #backward(Tensor[])}
   */
  public int backward(Tensor outputGradient) {
    Objects.requireNonNull(outputGradient, "outputGradient");
    return backward(one(outputGradient));
  }

  /**
   * Checks the gradients given to a backward.
   *
   * @param outputGradients expected {@code [batch of the last forward, shape]} for each output
   * @return the batch size of the last forward
   * @throws IllegalStateException if there was no forward since the last backward, or the last
   *     forward or its backward failed, or it was undone, or {@link #trim} came after it
   * @throws IllegalArgumentException for a wrong number of tensors, shape or element type; the
   *     backward may then be called again
   */
  public int backward(Tensor[] outputGradients) {
    Objects.requireNonNull(outputGradients, "outputGradients");
    if (phase == Phase.BACKWARD_DONE) {
      throw new IllegalStateException(
          network
              + ": backward was already called for the last forward, and may be called once per"
              + " forward: it reuses the buffers that the forward filled. Call forward again"
              + " first.");
    }
    if (phase != Phase.FORWARD_DONE) {
      throw new IllegalStateException(network + ": backward was called, but " + phase.refusal);
    }
    requireCount("output gradient", outputs, outputGradients);
    for (int i = 0; i < outputGradients.length; i++) {
      if (outputGradients[i] == null) {
        String output = outputs.size() == 1 ? "output" : outputs.get(i).name();
        throw new NullPointerException(output + "Gradient");
      }
      checkGradient(i, outputGradients[i]);
    }
    return forwardBatch;
  }

  private void checkGradient(int index, Tensor gradient) {
    TensorSpec spec = outputs.get(index);
    String what = gradientNames.get(index);
    if (!spec.isBatchOf(gradient) || gradient.dim(0) != forwardBatch) {
      throw new IllegalArgumentException(
          network
              + ": expected "
              + what
              + " of shape "
              + Shapes.text(Shapes.withBatch(forwardBatch, spec.shape()))
              + ", as the last forward returned, got "
              + Shapes.text(gradient.shape())
              + ".");
    }
    requireType(gradient, spec.dtype(), what);
  }

  private void requireType(Tensor tensor, DType dtype, String what) {
    if (tensor.dtype() != dtype) {
      throw new IllegalArgumentException(
          network
              + ": expected "
              + what
              + " of type "
              + dtype
              + ", got "
              + tensor.dtype()
              + ". Values are not converted silently: pass "
              + (dtype == DType.INT32
                  ? "Tensor.of(indices, shape) of an int[]."
                  : "Tensor.of(tensor." + copy(dtype) + "(), tensor.shape())."));
    }
    if (tensor.isPacked()) {
      throw new IllegalArgumentException(
          network
              + ": "
              + what
              + " must have its elements in row-major order, but this tensor belongs to a packed"
              + " parameter or statistic. Pass a copy: Tensor.of(tensor."
              + copy(dtype)
              + "(), tensor.shape()).");
    }
  }

  private static String copy(DType dtype) {
    return dtype == DType.FLOAT32 ? "toFloatArray" : "toDoubleArray";
  }
}
