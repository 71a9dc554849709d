package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.model.PieceExchange;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.state.State;
import java.util.List;

/** A model that throws after its forward, or before its backward, when it is told to. */
final class FailingModel implements SingleModel {
  private final LinearModel model;
  RuntimeException afterForward;
  RuntimeException beforeBackward;
  int undone;

  FailingModel(LinearModel model) {
    this.model = model;
  }

  @Override
  public Tensor forward(Tensor input) {
    Tensor output = model.forward(input);
    if (afterForward != null) {
      throw afterForward;
    }
    return output;
  }

  @Override
  public void backward(Tensor outputGradient) {
    if (beforeBackward != null) {
      throw beforeBackward;
    }
    model.backward(outputGradient);
  }

  @Override
  public void undoForward() {
    undone++;
    model.undoForward();
  }

  @Override
  public String name() {
    return model.name();
  }

  @Override
  public State state() {
    return model.state();
  }

  @Override
  public int[] inputShape() {
    return model.inputShape();
  }

  @Override
  public int[] outputShape() {
    return model.outputShape();
  }

  @Override
  public List<Layer> layers() {
    return model.layers();
  }

  @Override
  public int minimumTrainingBatch() {
    return model.minimumTrainingBatch();
  }

  @Override
  public Tensor forwardEvaluation(Tensor input) {
    return model.forwardEvaluation(input);
  }

  @Override
  public Tensor backwardToInput(Tensor outputGradient) {
    return model.backwardToInput(outputGradient);
  }

  @Override
  public Tensor predict(Tensor input) {
    return model.predict(input);
  }

  @Override
  public SingleModel piece(PieceExchange exchange) {
    return model.piece(exchange);
  }
}
