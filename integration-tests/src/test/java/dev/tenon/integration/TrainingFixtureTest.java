package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainerBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Ten training steps of a batch-norm CNN, from PyTorch's weights on PyTorch's batches: the same
 * losses, and the same weights, statistics and counters behind the tenth.
 */
class TrainingFixtureTest {
  private static final CompiledNetwork.Cache NETWORKS = new CompiledNetwork.Cache();

  @TestFactory
  Stream<DynamicTest> tenSteps() {
    List<JsonNode> fixtures = Fixtures.cases("training.json");
    assertThat(fixtures).hasSize(2);
    fixtures.forEach(fixture -> NETWORKS.add(Fixtures.network(fixture), Fixtures.layers(fixture)));
    return fixtures.stream()
        .flatMap(
            fixture ->
                Stream.of(0, 1, 3, 5)
                    .map(
                        pieces ->
                            DynamicTest.dynamicTest(
                                fixture.get("name").asText()
                                    + (pieces == 0 ? "" : " in " + pieces + " pieces"),
                                () -> check(fixture, pieces))));
  }

  /** Trains on whole batches, or in pieces on two threads. */
  private static void check(JsonNode fixture, int pieces) {
    SingleModel model = NETWORKS.create(Fixtures.network(fixture), Fixtures.layers(fixture));
    Fixtures.load(fixture.get("state"), model);
    // Rounding grows from step to step; the fixtures' README says how little.
    double tolerance = model.dtype() == DType.FLOAT64 ? 1e-12 : 1e-5;
    JsonNode sgd = fixture.get("optimizer");
    assertThat(sgd.get("name").asText()).isEqualTo("sgd");
    assertThat(fixture.get("loss").asText()).isEqualTo("crossEntropy");
    TrainerBuilder<int[]> builder =
        Trainer.of(model)
            .loss(crossEntropy())
            .optimizer(
                sgd(sgd.get("learningRate").asDouble()).momentum(sgd.get("momentum").asDouble()));
    if (pieces > 0) {
      builder.accumulate(pieces).threads(2);
    }
    try (Trainer<int[]> trainer = builder.build()) {
      check(fixture, model, trainer, tolerance);
    }
  }

  private static void check(
      JsonNode fixture, SingleModel model, Trainer<int[]> trainer, double tolerance) {
    JsonNode batches = fixture.get("batches");
    double[] losses = new double[batches.size()];
    for (int i = 0; i < losses.length; i++) {
      Tensor x = Fixtures.tensor(batches.get(i).get("x"), model.dtype());
      int[] labels =
          Arrays.stream(Fixtures.values(batches.get(i).get("labels")))
              .mapToInt(label -> (int) label)
              .toArray();
      losses[i] = trainer.step(x, labels);
    }
    assertThat(losses).hasSize(10);
    Fixtures.assertClose("loss", losses, Fixtures.values(fixture.get("losses")), tolerance);
    for (Map.Entry<String, JsonNode> entry : fixture.get("finalState").properties()) {
      Fixtures.assertClose(
          entry.getKey(),
          Fixtures.stateValues(model, entry.getKey()),
          Fixtures.values(entry.getValue()),
          tolerance);
    }
  }
}
