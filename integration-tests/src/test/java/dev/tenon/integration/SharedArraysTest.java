package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/**
 * A tensor that shares an array with what a model writes gives what a copy of it gives: outputs,
 * predictions, gradients of inputs and of parameters, statistics.
 */
class SharedArraysTest {
  private static final int BATCH = 5;
  private static final CompiledNetwork.Cache NETWORKS = new CompiledNetwork.Cache();
  private static final List<List<String>> ALL =
      List.of(
          List.of("@Linear(out = 32) Weighted cell();"),
          List.of("@Sigmoid Layer act();"),
          List.of("@BatchNorm1d BatchNorm bn();", "@Tanh Layer act();"),
          List.of("@Linear(out = 32) Weighted cell();", "@ReLU Layer act();"));

  static {
    ALL.forEach(layers -> NETWORKS.add("input = 32", layers));
  }

  /** Runs something with what the model gave, and with copies of that; all must be equal. */
  private static void assertAsWithCopies(BiFunction<SingleModel, Boolean, List<String>> run) {
    for (List<String> layers : ALL) {
      List<String> shared = run.apply(NETWORKS.create("input = 32", layers), false);
      List<String> copied = run.apply(NETWORKS.create("input = 32", layers), true);
      assertThat(shared).as(layers.toString()).isEqualTo(copied);
    }
  }

  private static Tensor own(Tensor tensor, boolean copy) {
    return copy ? tensor.copy() : tensor;
  }

  private static List<String> results(SingleModel model, Tensor dx) {
    List<String> bits = Samples.bits(model);
    bits.add(Samples.bits(dx));
    return bits;
  }

  @Test
  void anOutputAsTheNextInput() {
    assertAsWithCopies(
        (model, copy) -> {
          Tensor h = own(model.forward(Samples.input(model, 1, BATCH)), copy);
          Tensor y = model.forward(h);
          List<String> results = results(model, y.copy());
          results.addAll(
              results(model, model.backwardToInput(Samples.outputGradient(model, 2, BATCH))));
          return results;
        });
  }

  @Test
  void anOutputInAnotherShapeAndForAnotherBatch() {
    assertAsWithCopies(
        (model, copy) -> {
          Tensor h = model.forward(Samples.input(model, 1, BATCH));
          model.forward(Samples.input(model, 3, BATCH + 1));
          Tensor again = own(h.reshape(32, BATCH).reshape(BATCH, 32), copy);
          model.forward(again);
          return results(model, model.backwardToInput(Samples.outputGradient(model, 2, BATCH)));
        });
  }

  @Test
  void aPredictionAsAnInputWithAnotherPredictionInBetween() {
    assertAsWithCopies(
        (model, copy) -> {
          Tensor h = own(model.predict(Samples.input(model, 1, BATCH)), copy);
          model.forward(h);
          model.predict(Samples.input(model, 3, BATCH));
          return results(model, model.backwardToInput(Samples.outputGradient(model, 2, BATCH)));
        });
  }

  @Test
  void aPredictionAsTheNextInputOfPredict() {
    assertAsWithCopies(
        (model, copy) -> {
          Tensor h = model.predict(Samples.input(model, 1, BATCH));
          for (int i = 0; i < 3; i++) {
            h = model.predict(own(h, copy));
          }
          return List.of(Samples.bits(h));
        });
  }

  @Test
  void anInputGradientAsTheNextInputAndAsAnOutputGradient() {
    assertAsWithCopies(
        (model, copy) -> {
          model.forward(Samples.input(model, 1, BATCH));
          Tensor dx = model.backwardToInput(Samples.outputGradient(model, 2, BATCH));
          model.forward(own(dx, copy));
          List<String> results =
              results(model, model.backwardToInput(Samples.outputGradient(model, 3, BATCH)));
          model.forward(Samples.input(model, 4, BATCH));
          Tensor again = own(model.backwardToInput(Samples.outputGradient(model, 5, BATCH)), copy);
          model.forward(Samples.input(model, 6, BATCH));
          results.addAll(results(model, model.backwardToInput(again)));
          return results;
        });
  }

  @Test
  void anOutputAsItsOwnGradient() {
    assertAsWithCopies(
        (model, copy) -> {
          Tensor y = model.forward(Samples.input(model, 1, BATCH));
          return results(model, model.backwardToInput(own(y, copy)));
        });
  }
}
