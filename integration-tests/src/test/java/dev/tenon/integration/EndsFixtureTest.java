package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.loss.Losses.joint;
import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.JointLoss;
import dev.tenon.runtime.loss.JointTargets;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainerBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Several inputs and outputs, among them indices, as PyTorch computes them. */
class EndsFixtureTest {
  private static final JointLoss LOSS =
      joint(meanSquaredError(), 0.5).and(crossEntropy()).and(meanSquaredError());

  @TestFactory
  Stream<DynamicTest> trainingSteps() {
    return Fixtures.cases("ends.json").stream()
        .flatMap(
            fixture ->
                Stream.of(0, 1, 2)
                    .map(
                        pieces ->
                            DynamicTest.dynamicTest(
                                fixture.get("name").asText()
                                    + (pieces == 0 ? "" : " in " + pieces + " pieces"),
                                () -> check(fixture, pieces))));
  }

  private static Model model(JsonNode fixture) {
    String precision =
        fixture.get("precision").asText().equals("float64") ? "precision = Precision.FLOAT64" : "";
    Model model = CompiledNetwork.of("Net", precision, Fixtures.layers(fixture)).createBase(1);
    Fixtures.load(fixture.get("state"), model);
    return model;
  }

  private static void check(JsonNode fixture, int pieces) {
    Model model = model(fixture);
    double tolerance = model.dtype() == DType.FLOAT64 ? 1e-12 : 2e-5;
    TrainerBuilder<JointTargets> builder =
        Trainer.of(model).loss(LOSS).optimizer(sgd(fixture.get("learningRate").asDouble()));
    if (pieces > 0) {
      builder.accumulate(pieces);
    }
    Tensor[] inputs = null;
    try (Trainer<JointTargets> trainer = builder.build()) {
      for (JsonNode step : fixture.get("steps")) {
        inputs = inputs(step, model.dtype());
        double loss = trainer.step(inputs, targets(step, model.dtype()));
        assertThat(loss).isCloseTo(step.get("loss").asDouble(), within(tolerance));
        for (Map.Entry<String, JsonNode> entry : step.get("gradients").properties()) {
          assertClose(
              entry.getKey(),
              model.state().parameter(entry.getKey()).gradient(),
              entry.getValue(),
              tolerance);
        }
      }
    }
    for (Map.Entry<String, JsonNode> entry : fixture.get("stateAfter").properties()) {
      Fixtures.assertClose(
          entry.getKey(),
          Fixtures.stateValues(model, entry.getKey()),
          Fixtures.values(entry.getValue()),
          tolerance);
    }
    Tensor[] predictions = model.predict(inputs);
    for (int i = 0; i < predictions.length; i++) {
      assertClose("prediction", predictions[i], fixture.get("predictions").get(i), tolerance);
    }
  }

  /** By hand, with the derivatives by the inputs. */
  @Test
  void outputsAndGradientsOfInputs() {
    for (JsonNode fixture : Fixtures.cases("ends.json")) {
      Model model = model(fixture);
      double tolerance = model.dtype() == DType.FLOAT64 ? 1e-12 : 2e-5;
      JsonNode step = fixture.get("steps").get(0);
      Tensor[] outputs = model.forward(inputs(step, model.dtype()));
      List<Tensor> gradients = new ArrayList<>();
      for (int i = 0; i < outputs.length; i++) {
        assertClose("output", outputs[i], step.get("outputs").get(i), tolerance);
        gradients.add(Tensor.zeros(model.dtype(), outputs[i].shape()));
      }
      Tensor[] dy = gradients.toArray(Tensor[]::new);
      LOSS.forwardBackward(outputs, targets(step, model.dtype()), dy);
      Tensor[] dx = model.backwardToInputs(dy);
      assertThat(dx).hasSize(3);
      assertClose("image", dx[0], step.get("dImage"), tolerance);
      assertThat(dx[1]).isNull();
      assertThat(dx[2]).isNull();
    }
  }

  /** Each thread has its rows of the batch, but gradients of one row of a table meet. */
  @Test
  void threadsDoNotChangeABit() {
    List<String> members =
        List.of(
            "@IndexInput(40) Layer words();",
            "@Embedding(num = 9, dim = 24, paddingIndex = 0) Weighted vectors();",
            "@Flatten Layer flat();",
            "@Linear(out = 8) Weighted head();");
    CompiledNetwork network = CompiledNetwork.of("Net", "", members);
    float[] one = gradients(network.createBase(3), 1);
    assertThat(gradients(network.createBase(3), 2)).isEqualTo(one);
    assertThat(Arrays.copyOf(one, 24)).containsOnly(0);
  }

  private static float[] gradients(Model model, int threads) {
    model.threads(threads);
    Tensor[] x = SeveralEndsTest.random(model.inputs(), 1, 300);
    Tensor[] dy = SeveralEndsTest.random(model.outputs(), 2, 300);
    model.forward(x);
    model.backward(dy);
    return model.state().parameter("vectors.weight").gradient().toFloatArray();
  }

  @Test
  void aBadIndexChangesNothing() {
    JsonNode fixture = Fixtures.cases("ends.json").get(0);
    Model model = model(fixture);
    JsonNode step = fixture.get("steps").get(0);
    Tensor[] inputs = inputs(step, model.dtype());
    inputs[1].set(7, 3, 1);
    assertThatThrownBy(() -> model.forward(inputs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Net: index 7 in sample 3 at position 1 of the input words is outside [0, 7), the rows"
                + " of its embedding.");
    inputs[1].set(0, 3, 1);
    inputs[2].set(-1, 4);
    assertThatThrownBy(() -> model.predict(inputs))
        .hasMessage(
            "Net: index -1 in sample 4 of the input colour is outside [0, 5), the rows of its"
                + " embedding.");
    Dataset<JointTargets> data = Dataset.of(List.of(inputs), targets(step, model.dtype()));
    try (Trainer<JointTargets> trainer =
        Trainer.of(model).loss(LOSS).optimizer(sgd(0.1)).batchSize(2).build()) {
      assertThatThrownBy(() -> trainer.fit(data, 1))
          .hasMessageStartingWith("Net: index -1 in sample 4 of the input colour");
      inputs[2].set(0, 4);
      trainer.fit(data, 1);
      Evaluation evaluation = trainer.evaluate(data);
      assertThat(evaluation.outputs()).hasSize(3);
      assertThat(evaluation.outputs().get(1).labels()).isEqualTo(5);
      assertThat(evaluation.labels()).isEqualTo(5);
    }
  }

  @Test
  void theFirstRowsAreNormalAndThePaddingIsZero() {
    JsonNode fixture = Fixtures.cases("ends.json").get(0);
    Tensor weight =
        CompiledNetwork.of("Net", "", Fixtures.layers(fixture))
            .createBase(1)
            .state()
            .parameter("vectors.weight")
            .value();
    for (int d = 0; d < 3; d++) {
      assertThat(weight.get(2, d)).isZero();
      assertThat(weight.get(0, d)).isNotZero();
    }
  }

  private static Tensor[] inputs(JsonNode step, DType dtype) {
    return new Tensor[] {
      Fixtures.tensor(step.get("image"), dtype), ints(step.get("words")), ints(step.get("colour"))
    };
  }

  private static Tensor ints(JsonNode node) {
    return Tensor.of(labels(node), Fixtures.shape(node));
  }

  private static int[] labels(JsonNode node) {
    return Arrays.stream(Fixtures.values(node)).mapToInt(value -> (int) value).toArray();
  }

  private static JointTargets targets(JsonNode step, DType dtype) {
    return JointTargets.of(Fixtures.tensor(step.get("wantedFeatures"), dtype))
        .and(labels(step.get("kinds")))
        .and(Fixtures.tensor(step.get("prices"), dtype));
  }

  private static void assertClose(String what, Tensor actual, JsonNode expected, double tolerance) {
    Fixtures.assertClose(what, Fixtures.values(actual), Fixtures.values(expected), tolerance);
  }

  private static org.assertj.core.data.Offset<Double> within(double tolerance) {
    return org.assertj.core.data.Offset.offset(10 * tolerance);
  }
}
