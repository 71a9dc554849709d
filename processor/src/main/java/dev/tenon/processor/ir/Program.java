package dev.tenon.processor.ir;

import java.util.List;

/**
 * Everything a network computes, as steps in order.
 *
 * @param input the batch that training reads
 * @param output what the training forward gives
 * @param outputGradient dL/doutput, given to backward
 * @param inputGradient dL/dinput, computed only on request
 * @param predictInput the batch that evaluation reads
 * @param predictOutput what the evaluation forward gives
 * @param forward training forward
 * @param backward gradients of all parameters and of the input, from the last layer to the first
 * @param predict evaluation forward
 */
public record Program(
    Tensor input,
    Tensor output,
    Tensor outputGradient,
    Tensor inputGradient,
    Tensor predictInput,
    Tensor predictOutput,
    List<Step> forward,
    List<Step> backward,
    List<Step> predict) {

  public Program {
    forward = List.copyOf(forward);
    backward = List.copyOf(backward);
    predict = List.copyOf(predict);
  }
}
