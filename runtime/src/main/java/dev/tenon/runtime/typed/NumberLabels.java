package dev.tenon.runtime.typed;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Losses;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.train.Evaluation;
import java.util.ArrayList;
import java.util.List;

/** A record of numbers: the outputs as they are, or in standard deviations from the mean. */
final class NumberLabels<L> extends RecordLabels<L, L> {
  private static final String PREFIX = "labels";

  NumberLabels(String network, Columns columns, RowWriter<L> writer, RowReader<L> reader) {
    super(network, columns, writer, reader);
  }

  @Override
  public Loss<Tensor> loss() {
    return Losses.meanSquaredError();
  }

  @Override
  boolean needsStatistics(State state) {
    return Statistics.isKept(state, PREFIX) && !Statistics.areKnown(state, PREFIX);
  }

  @Override
  void learn(State state, List<? extends L> labels) {
    if (Statistics.isKept(state, PREFIX)) {
      momentsOf(labels).write(state, PREFIX, 0);
      Statistics.takenOf(state, PREFIX, labels.size());
    }
  }

  @Override
  void forget(State state) {
    if (Statistics.isKept(state, PREFIX)) {
      Statistics.forget(state, PREFIX);
    }
  }

  @Override
  Moments moments(State state) {
    return Statistics.isKept(state, PREFIX)
        ? Moments.in(state, PREFIX, 0, names().size())
        : super.moments(state);
  }

  @Override
  L decode(Outputs outputs) {
    return read(numbers(outputs), outputs);
  }

  /** The predicted numbers, in the units of the labels. */
  private double[] numbers(Outputs outputs) {
    Moments moments = moments(outputs.state());
    double[] numbers = new double[outputs.values().length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = moments.restored(outputs.values()[i], i);
      if (!Double.isFinite(numbers[i])) {
        throw outputs.notANumber(names().get(i), numbers[i]);
      }
    }
    return numbers;
  }

  @Override
  TypedEvaluation<L> judge(
      Evaluation evaluation, State state, List<? extends L> labels, Tensor outputs) {
    double[][] actual = valuesOf(labels);
    List<Outputs> rows = rows(state, outputs);
    double[][] predicted = new double[actual.length][];
    for (int i = 0; i < actual.length; i++) {
      predicted[i] = numbers(rows.get(i));
    }
    List<NumberErrors> errors = new ArrayList<>();
    for (int k = 0; k < names().size(); k++) {
      errors.add(NumberErrors.of(names().get(k), k, actual, predicted));
    }
    return TypedEvaluation.ofNumbers(network(), evaluation, errors);
  }
}
