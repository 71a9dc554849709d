package dev.tenon.processor.layers.softmax;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import java.util.List;
import java.util.Optional;

/** {@code @Softmax(axis)} and {@code @LogSoftmax(axis)}. */
public enum SoftmaxType implements LayerType {
  SOFTMAX("Softmax"),
  LOG_SOFTMAX("LogSoftmax");

  /** Probabilities as the network's output; a warning. */
  static final Problem OUTPUT = Problem.warning("SoftmaxOutput");

  private final String annotation;
  private final Problem batch;
  private final Problem axis;

  SoftmaxType(String annotation) {
    this.annotation = annotation;
    this.batch = Problem.error(annotation + "Batch");
    this.axis = Problem.error(annotation + "Axis");
  }

  @Override
  public String annotation() {
    return annotation;
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  /** The axis is that of the batch. */
  Problem batch() {
    return batch;
  }

  /** The input does not have the axis. */
  Problem axis() {
    return axis;
  }

  @Override
  public List<Problem> problems() {
    return this == SOFTMAX ? List.of(batch, axis, OUTPUT) : List.of(batch, axis);
  }

  @Override
  public Optional<SoftmaxConfig> configure(LayerDeclaration declaration, Report report) {
    int number = declaration.attributes().integer("axis");
    if (number == 0) {
      reportBatch(new Checks(declaration, report), number);
      return Optional.empty();
    }
    return Optional.of(new SoftmaxConfig(this, declaration, number));
  }

  void reportBatch(Checks checks, int number) {
    checks.report(
        batch,
        "axis",
        "axis = " + number + " is the batch, whose samples are independent of each other.",
        "Use 1 for the first axis of a sample, or -1 for the last.");
  }
}
