package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Trainer;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The flat arrays of a state mean the same whatever the kernels: what a program without vectors
 * saves, one with vectors reads. The network has what vector kernels keep in an order of their own,
 * blocks of channels and rows, and sizes that no vector divides.
 */
class FlatStateTest {
  private static final int BATCH = 6;

  private static CompiledNetwork network;

  @BeforeAll
  static void compile() {
    network =
        CompiledNetwork.of(
            "Flat",
            "input = {16, 8, 8}",
            List.of(
                "@Conv2d(out = 20, kernel = 3, padding = 1) Weighted conv1();",
                "@BatchNorm2d BatchNorm bn();",
                "@ReLU Layer relu();",
                "@Conv2d(out = 32, kernel = 3, padding = 1) Weighted conv2();",
                "@GlobalAvgPool Layer pool();",
                "@Linear(out = 10) Weighted head();"));
  }

  private static Tensor input() {
    Tensor input = Tensor.zeros(DType.FLOAT32, BATCH, 16, 8, 8);
    float[] values = input.floatArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 37 % 101 / 50f - 1;
    }
    return input;
  }

  /** One fit, so that gradients and statistics are there too. */
  private static void train(SingleModel model) {
    try (Trainer<int[]> trainer =
        Trainer.of(model).loss(crossEntropy()).optimizer(sgd(0.1)).build()) {
      trainer.fit(Dataset.of(input(), new int[] {0, 1, 2, 3, 4, 9}), 2);
    }
  }

  @Test
  void flatArraysAreTheEntriesInDeclarationOrderRowMajor() {
    SingleModel model = network.create(1);
    train(model);
    State state = model.state();
    float[] parameters = state.floatParameters();
    float[] gradients = state.floatGradients();
    assertThat(parameters).hasSize(model.parameterCount());
    assertThat(gradients).hasSize(model.parameterCount());
    int at = 0;
    for (Parameter parameter : state.parameters()) {
      float[] values = parameter.value().toFloatArray();
      float[] derivatives = parameter.gradient().toFloatArray();
      for (int i = 0; i < values.length; i++, at++) {
        assertThat(parameters[at]).as(parameter.name() + " " + i).isEqualTo(values[i]);
        assertThat(gradients[at]).as(parameter.name() + " " + i).isEqualTo(derivatives[i]);
      }
    }
    int stat = 0;
    float[] stats = state.floatRunningStats();
    for (RunningStat entry : state.runningStats()) {
      for (float value : entry.value().toFloatArray()) {
        assertThat(stats[stat++]).as(entry.name()).isEqualTo(value);
      }
    }
    assertThat(stats).hasSize(stat);
  }

  @Test
  void initialValuesHaveTheSamePlaces() {
    assertThat(network.create(3).state().floatParameters())
        .isEqualTo(network.plainState(3).floatParameters());
  }

  @Test
  void whatOneSavesTheOtherReads() {
    SingleModel model = network.create(1);
    train(model);
    State plain = network.plainState(2);
    plain.setFloatParameters(model.state().floatParameters());
    plain.setFloatGradients(model.state().floatGradients());
    for (Parameter parameter : model.parameters()) {
      Parameter copy = plain.parameter(parameter.name());
      assertThat(copy.value().toFloatArray())
          .as(parameter.name())
          .isEqualTo(parameter.value().toFloatArray());
      assertThat(copy.gradient().toFloatArray())
          .as(parameter.name())
          .isEqualTo(parameter.gradient().toFloatArray());
    }
    SingleModel back = network.create(4);
    back.state().setFloatParameters(plain.floatParameters());
    for (RunningStat stat : model.runningStats()) {
      back.state().runningStat(stat.name()).value().copyFrom(stat.value());
    }
    assertThat(back.predict(input()).toFloatArray())
        .isEqualTo(model.predict(input()).toFloatArray());
  }
}
