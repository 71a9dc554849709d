package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Layer;
import dev.tenon.runtime.Model;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TrackedNorm;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every layer and option, as generated code computes it, beside what PyTorch computes: outputs,
 * gradients of the input and of every parameter, running statistics and counters.
 */
class LayerFixtureTest {
  private static final CompiledNetwork.Cache NETWORKS = new CompiledNetwork.Cache();

  @TestFactory
  Stream<DynamicTest> layers() {
    List<JsonNode> fixtures =
        Stream.of(
                "layer-linear.json",
                "layer-conv1d.json",
                "layer-conv2d.json",
                "layer-conv3d.json",
                "layer-batchnorm1d.json",
                "layer-batchnorm2d.json",
                "layer-batchnorm3d.json",
                "layer-instancenorm1d.json",
                "layer-instancenorm2d.json",
                "layer-instancenorm3d.json",
                "layer-groupnorm.json",
                "layer-layernorm.json",
                "layer-relu.json",
                "layer-pool.json",
                "layer-pool1d.json",
                "layer-pool3d.json",
                "layer-shape.json",
                "layer-composition.json")
            .flatMap(file -> Fixtures.cases(file).stream())
            .toList();
    fixtures.forEach(fixture -> NETWORKS.add(Fixtures.network(fixture), Fixtures.layers(fixture)));
    return fixtures.stream()
        .map(
            fixture -> DynamicTest.dynamicTest(fixture.get("name").asText(), () -> check(fixture)));
  }

  /** Freezes the statistics of the layers of these names and of no others. */
  private static void freeze(Model model, JsonNode names) {
    Set<String> frozen = new HashSet<>();
    names.forEach(name -> frozen.add(name.asText()));
    for (Layer layer : model.layers()) {
      if (layer instanceof TrackedNorm norm && norm.tracksRunningStats()) {
        if (frozen.contains(norm.name())) {
          norm.freezeStatistics();
        } else {
          norm.unfreezeStatistics();
        }
      }
    }
  }

  private static void check(JsonNode fixture) {
    Model model = NETWORKS.create(Fixtures.network(fixture), Fixtures.layers(fixture));
    // What PyTorch computes at this precision, to the rounding of its other order of summation.
    double tolerance = model.dtype() == DType.FLOAT64 ? 1e-12 : 1e-5;
    Fixtures.load(fixture.get("state"), model);
    int number = 0;
    for (JsonNode step : fixture.get("steps")) {
      String at = "step " + number++ + " ";
      boolean train = step.get("mode").asText().equals("train");
      freeze(model, step.path("frozen"));
      Tensor x = Fixtures.tensor(step.get("x"), model.dtype());
      Tensor y = train ? model.forward(x) : model.predict(x);
      assertThat(y.shape()).as(at + "shape of y").isEqualTo(Fixtures.shape(step.get("y")));
      Fixtures.assertClose(at + "y", Fixtures.values(y), Fixtures.values(step.get("y")), tolerance);
      if (train) {
        Tensor dx = model.backwardToInput(Fixtures.tensor(step.get("dy"), model.dtype()));
        Fixtures.assertClose(
            at + "dx", Fixtures.values(dx), Fixtures.values(step.get("dx")), tolerance);
        for (Map.Entry<String, JsonNode> gradient : step.get("gradients").properties()) {
          Fixtures.assertClose(
              at + "gradient of " + gradient.getKey(),
              Fixtures.values(model.state().parameter(gradient.getKey()).gradient()),
              Fixtures.values(gradient.getValue()),
              tolerance);
        }
      }
      for (Map.Entry<String, JsonNode> entry : step.get("stateAfter").properties()) {
        Fixtures.assertClose(
            at + entry.getKey(),
            Fixtures.stateValues(model, entry.getKey()),
            Fixtures.values(entry.getValue()),
            tolerance);
      }
    }
  }
}
