package dev.tenon.runtime;

import java.util.Arrays;

/**
 * What a generated model checks at the edge of each call, and the tensors that it hands out. All
 * checks come before any change, so a model that calls them first is unchanged after an exception.
 * Not synchronised.
 */
public final class CallBoundary {
  private static final int NO_FORWARD = -1;

  private final String network;
  private final DType dtype;
  private final int[] inputShape;
  private final int[] outputShape;
  private final BatchTensors outputs;
  private final BatchTensors predictions;
  private final BatchTensors inputGradients;
  private int forwardBatch = NO_FORWARD;
  private boolean backwardDone;

  /**
   * Allocates no tensors yet.
   *
   * @param network name of the network, for messages
   * @param dtype element type of inputs and outputs
   * @param inputShape shape of one input sample, without the batch axis
   * @param outputShape shape of one output sample, without the batch axis
   */
  public CallBoundary(String network, DType dtype, int[] inputShape, int[] outputShape) {
    this.network = network;
    this.dtype = dtype;
    this.inputShape = inputShape.clone();
    this.outputShape = outputShape.clone();
    outputs = new BatchTensors(dtype, outputShape);
    predictions = new BatchTensors(dtype, outputShape);
    inputGradients = new BatchTensors(dtype, inputShape);
  }

  /**
   * Checks an input.
   *
   * @param input expected {@code [batch, input shape]}; an empty batch is legal
   * @return the batch size
   * @throws IllegalArgumentException for a wrong shape or element type
   */
  public int input(Tensor input) {
    if (!isBatchOf(inputShape, input)) {
      String remedy =
          isSample(input)
              ? " One sample is a batch of one: reshape it to "
                  + Shapes.text(Shapes.withBatch(1, inputShape))
                  + "."
              : "";
      throw new IllegalArgumentException(
          network
              + ": expected an input of shape "
              + Shapes.batchText(inputShape)
              + ", got "
              + Shapes.text(input.shape())
              + "."
              + remedy);
    }
    requireType(input, "an input");
    return input.dim(0);
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
    if ((long) batch * valuesPerSample != 1) {
      return;
    }
    // The product is 1 only for a batch of one of one value each.
    throw new IllegalArgumentException(
        network
            + ", "
            + layerPath
            + ": "
            + layerText
            + " needs more than 1 value per channel for batch statistics, but the input of shape "
            + Shapes.text(Shapes.withBatch(batch, inputShape))
            + " gives it 1 value per channel. A batch of 1 is the cause: each sample has 1 value"
            + " per channel here. Drop a last batch of 1 or merge it into the one before; to"
            + " evaluate one sample, call predict.");
  }

  /**
   * The tensor that {@link Model#forward} returns.
   *
   * @param batch the batch size
   * @return {@code [batch, output shape]}; one of the two batch sizes used last allocates nothing
   */
  public Tensor output(int batch) {
    return outputs.get(batch);
  }

  /**
   * The tensor that {@link Model#predict} returns.
   *
   * @param batch the batch size
   * @return {@code [batch, output shape]}; one of the two batch sizes used last allocates nothing
   */
  public Tensor prediction(int batch) {
    return predictions.get(batch);
  }

  /**
   * The tensor that {@link Model#backwardToInput} returns.
   *
   * @param batch the batch size
   * @return {@code [batch, input shape]}; one of the two batch sizes used last allocates nothing
   */
  public Tensor inputGradient(int batch) {
    return inputGradients.get(batch);
  }

  /**
   * Notes that a training forward has finished, so that one backward may follow.
   *
   * @param batch its batch size
   */
  public void forwardDone(int batch) {
    forwardBatch = batch;
    backwardDone = false;
  }

  /**
   * Checks the gradient given to a backward, and notes that the last forward's backward has run.
   *
   * @param outputGradient expected {@code [batch of the last forward, output shape]}
   * @return the batch size of the last forward
   * @throws IllegalStateException if there was no forward since the last backward
   * @throws IllegalArgumentException for a wrong shape or element type; the backward may then be
   *     called again
   */
  public int backward(Tensor outputGradient) {
    if (forwardBatch == NO_FORWARD) {
      throw new IllegalStateException(
          network
              + ": backward was called, but no forward came before it. Call forward (training"
              + " mode) first; predict keeps nothing for a backward.");
    }
    if (backwardDone) {
      throw new IllegalStateException(
          network
              + ": backward was already called for the last forward, and may be called once per"
              + " forward: it reuses the buffers that the forward filled. Call forward again"
              + " first.");
    }
    if (!isBatchOf(outputShape, outputGradient) || outputGradient.dim(0) != forwardBatch) {
      throw new IllegalArgumentException(
          network
              + ": expected an output gradient of shape "
              + Shapes.text(Shapes.withBatch(forwardBatch, outputShape))
              + ", as the last forward returned, got "
              + Shapes.text(outputGradient.shape())
              + ".");
    }
    requireType(outputGradient, "an output gradient");
    backwardDone = true;
    return forwardBatch;
  }

  private void requireType(Tensor tensor, String what) {
    if (tensor.dtype() != dtype) {
      throw new IllegalArgumentException(
          network
              + ": expected "
              + what
              + " of type "
              + dtype
              + ", got "
              + tensor.dtype()
              + ". Values are not converted silently: pass Tensor.of(tensor."
              + (dtype == DType.FLOAT32 ? "toFloatArray" : "toDoubleArray")
              + "(), tensor.shape()).");
    }
    if (tensor.isPacked()) {
      throw new IllegalArgumentException(
          network
              + ": "
              + what
              + " must have its elements in row-major order, but this tensor belongs to a packed"
              + " parameter or statistic. Pass a copy: Tensor.of(tensor."
              + (dtype == DType.FLOAT32 ? "toFloatArray" : "toDoubleArray")
              + "(), tensor.shape()).");
    }
  }

  private static boolean isBatchOf(int[] sampleShape, Tensor tensor) {
    if (tensor.rank() != sampleShape.length + 1) {
      return false;
    }
    for (int axis = 0; axis < sampleShape.length; axis++) {
      if (tensor.dim(axis + 1) != sampleShape[axis]) {
        return false;
      }
    }
    return true;
  }

  private boolean isSample(Tensor tensor) {
    return Arrays.equals(tensor.shape(), inputShape);
  }
}
