package dev.tenon.processor.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything a network computes, as steps in order.
 *
 * @param ends what goes in and out
 * @param forward training forward
 * @param backward gradients of all parameters and of the inputs, from the last layer to the first
 * @param predict evaluation forward
 */
public record Program(Ends ends, List<Step> forward, List<Step> backward, List<Step> predict) {
  /**
   * The tensors that a user gives and gets.
   *
   * @param inputs the batches that training reads
   * @param outputs what the training forward gives
   * @param outputGradients the derivatives by the outputs, given to backward
   * @param inputGradients the derivatives by the inputs of real numbers, in their order, computed
   *     only on request
   * @param predictInputs the batches that evaluation reads
   * @param predictOutputs what the evaluation forward gives
   */
  public record Ends(
      List<Tensor> inputs,
      List<Tensor> outputs,
      List<Tensor> outputGradients,
      List<Tensor> inputGradients,
      List<Tensor> predictInputs,
      List<Tensor> predictOutputs) {
    public Ends {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      outputGradients = List.copyOf(outputGradients);
      inputGradients = List.copyOf(inputGradients);
      predictInputs = List.copyOf(predictInputs);
      predictOutputs = List.copyOf(predictOutputs);
    }

    /** The ends of a network with one input and one output. */
    public static Ends of(
        Tensor input,
        Tensor output,
        Tensor outputGradient,
        Tensor inputGradient,
        Tensor predictInput,
        Tensor predictOutput) {
      return new Ends(
          List.of(input),
          List.of(output),
          List.of(outputGradient),
          List.of(inputGradient),
          List.of(predictInput),
          List.of(predictOutput));
    }

    /** All of them. */
    public List<Tensor> all() {
      return Stream.of(
              inputs, outputs, outputGradients, inputGradients, predictInputs, predictOutputs)
          .flatMap(List::stream)
          .toList();
    }

    /** What the steps write for the user. */
    public List<Tensor> results() {
      List<Tensor> results = new ArrayList<>(outputs);
      results.addAll(inputGradients);
      results.addAll(predictOutputs);
      return results;
    }
  }

  public Program {
    forward = List.copyOf(forward);
    backward = List.copyOf(backward);
    predict = List.copyOf(predict);
  }
}
