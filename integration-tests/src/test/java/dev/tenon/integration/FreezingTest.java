package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.layer.TrackedNorm;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Freezing holds whatever the network does, until it is undone: for statistics and for parameters,
 * each by itself, at run time and from the declaration on.
 */
class FreezingTest {
  private static final int NORM = 1;

  private static CompiledNetwork network(String norm) {
    return CompiledNetwork.of(
        "Frozen",
        "input = {2, 4, 4}",
        List.of(
            "@Conv2d(out = 3, kernel = 3, bias = false) Weighted conv();",
            norm,
            "@Flatten Layer flat();",
            "@Linear(out = 2) Weighted head();"));
  }

  private static final List<CompiledNetwork> NETWORKS =
      List.of(
          network("@BatchNorm2d BatchNorm norm();"),
          network("@BatchNorm2d(cumulative = true) BatchNorm norm();"),
          network("@InstanceNorm2d(affine = true, trackRunningStats = true) InstanceNorm norm();"));

  private static TrackedNorm norm(SingleModel model) {
    return (TrackedNorm) model.layers().get(NORM);
  }

  private static List<Double> statistics(SingleModel model) {
    return values(model, "running_mean", "running_var", "num_batches_tracked");
  }

  private static List<Double> parameters(SingleModel model) {
    return values(model, "weight", "bias");
  }

  private static List<Double> values(SingleModel model, String... names) {
    List<Double> values = new ArrayList<>();
    for (String name : names) {
      for (double value : Fixtures.stateValues(model, "norm." + name)) {
        values.add(value);
      }
    }
    return values;
  }

  /** Everything that a network does: steps by hand, evaluations, and a trainer's epochs. */
  private static void work(SingleModel model) {
    model.forward(Samples.input(model, 1, 4));
    model.backward(Samples.outputGradient(model, 2, 4));
    model.predict(Samples.input(model, 3, 4));
    model.forwardEvaluation(Samples.input(model, 4, 4));
    model.backward(Samples.outputGradient(model, 5, 4));
    try (Trainer<int[]> trainer =
        Trainer.of(model).loss(crossEntropy()).optimizer(sgd(0.1)).build()) {
      for (int step = 0; step < 3; step++) {
        trainer.step(Samples.input(model, step, 6), new int[] {0, 1, 0, 1, 1, 0});
      }
    }
  }

  @Test
  void nothingFrozenMovesBoth() {
    for (CompiledNetwork network : NETWORKS) {
      SingleModel model = network.create(1);
      List<Double> statistics = statistics(model);
      List<Double> parameters = parameters(model);
      work(model);
      assertThat(statistics(model)).isNotEqualTo(statistics);
      assertThat(parameters(model)).isNotEqualTo(parameters);
    }
  }

  @Test
  void frozenStatisticsStayAndParametersLearn() {
    for (CompiledNetwork network : NETWORKS) {
      SingleModel model = network.create(1);
      work(model);
      norm(model).freezeStatistics();
      List<Double> statistics = statistics(model);
      List<Double> parameters = parameters(model);
      work(model);
      work(model);
      assertThat(statistics(model)).isEqualTo(statistics);
      assertThat(parameters(model)).isNotEqualTo(parameters);
      norm(model).unfreezeStatistics();
      work(model);
      assertThat(statistics(model)).isNotEqualTo(statistics);
    }
  }

  @Test
  void frozenParametersStayAndStatisticsMove() {
    for (CompiledNetwork network : NETWORKS) {
      SingleModel model = network.create(1);
      norm(model).weight().freeze();
      norm(model).bias().freeze();
      List<Double> statistics = statistics(model);
      List<Double> parameters = parameters(model);
      work(model);
      assertThat(statistics(model)).isNotEqualTo(statistics);
      assertThat(parameters(model)).isEqualTo(parameters);
    }
  }

  @Test
  void aFrozenLayerKeepsEverything() {
    for (CompiledNetwork network : NETWORKS) {
      SingleModel model = network.create(1);
      norm(model).freeze();
      List<Double> statistics = statistics(model);
      List<Double> parameters = parameters(model);
      work(model);
      assertThat(statistics(model)).isEqualTo(statistics);
      assertThat(parameters(model)).isEqualTo(parameters);
      norm(model).unfreeze();
      work(model);
      assertThat(statistics(model)).isNotEqualTo(statistics);
      assertThat(parameters(model)).isNotEqualTo(parameters);
    }
  }

  @Test
  void aLayerDeclaredFrozenStartsFrozen() {
    for (String declaration :
        List.of(
            "@BatchNorm2d(frozen = true) BatchNorm norm();",
            "@InstanceNorm2d(affine = true, trackRunningStats = true, frozen = true)"
                + " InstanceNorm norm();")) {
      SingleModel model = network(declaration).create(1);
      List<Double> statistics = statistics(model);
      List<Double> parameters = parameters(model);
      work(model);
      assertThat(statistics(model)).isEqualTo(statistics);
      assertThat(parameters(model)).isEqualTo(parameters);
      norm(model).unfreeze();
      work(model);
      assertThat(statistics(model)).isNotEqualTo(statistics);
      assertThat(parameters(model)).isNotEqualTo(parameters);
    }
  }
}
