package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.TrackedNorm;
import dev.tenon.runtime.model.SingleModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every layer and option, as generated code computes it, beside what PyTorch computes: outputs,
 * gradients of the input and of every parameter, running statistics and counters.
 */
class LayerFixtureTest {
  private static final List<String> FILES =
      List.of(
          "layer-linear.json",
          "layer-conv1d.json",
          "layer-conv2d.json",
          "layer-conv2d-tiles.json",
          "layer-conv2d-tile-rests.json",
          "layer-conv3d.json",
          "layer-batchnorm1d.json",
          "layer-batchnorm1d-sequences.json",
          "layer-batchnorm2d.json",
          "layer-batchnorm3d.json",
          "layer-instancenorm1d.json",
          "layer-instancenorm2d.json",
          "layer-instancenorm3d.json",
          "layer-groupnorm.json",
          "layer-layernorm.json",
          "layer-relu.json",
          "layer-activations.json",
          "layer-softmax.json",
          "layer-pool.json",
          "layer-pool1d.json",
          "layer-pool3d.json",
          "layer-resampling.json",
          "layer-conv-borders.json",
          "layer-convtranspose2d.json",
          "layer-scale.json",
          "layer-elementwise.json",
          "layer-shape.json",
          "layer-composition.json",
          "layer-graph.json");

  private static final CompiledNetwork.Cache NETWORKS = new CompiledNetwork.Cache();

  @TestFactory
  Stream<DynamicTest> layers() {
    List<JsonNode> fixtures =
        FILES.stream().flatMap(file -> Fixtures.cases(file).stream()).toList();
    fixtures.forEach(fixture -> NETWORKS.add(Fixtures.network(fixture), Fixtures.layers(fixture)));
    return fixtures.stream()
        .map(
            fixture -> DynamicTest.dynamicTest(fixture.get("name").asText(), () -> check(fixture)));
  }

  /** What a batch norm's fixture is about. */
  private record Options(
      String annotation,
      int rank,
      String affine,
      String tracking,
      String momentum,
      List<String> modes,
      String precision) {}

  /** Batch norm has every combination of its options, each with all that can be compared. */
  @Test
  void theProductOfBatchNormsOptionsIsComplete() {
    Set<Options> found = new HashSet<>();
    for (String file : FILES.stream().filter(name -> name.contains("batchnorm")).toList()) {
      for (JsonNode fixture : Fixtures.cases(file)) {
        List<String> layers = Fixtures.layers(fixture);
        boolean complete = layers.size() == 1;
        List<String> modes = new ArrayList<>();
        for (JsonNode step : fixture.get("steps")) {
          modes.add(step.get("mode").asText());
          complete &= step.has("y") && step.has("dx") && !step.has("frozen");
          complete &= step.path("gradients").size() == parameters(layers.get(0));
          complete &= step.get("stateAfter").size() == (tracks(layers.get(0)) ? 3 : 0);
        }
        if (complete) {
          String layer = layers.get(0);
          found.add(
              new Options(
                  layer.substring(1, layer.indexOf('(')),
                  fixture.get("input").size() + 1,
                  layer.contains("affine = false")
                      ? "none"
                      : layer.contains("bias = false") ? "scale" : "both",
                  tracks(layer) ? "tracked" : "untracked",
                  layer.contains("cumulative = true")
                      ? "cumulative"
                      : layer.contains("momentum = 0.05") ? "0.05" : "0.1",
                  modes,
                  fixture.get("precision").asText()));
        }
      }
    }
    Set<Options> wanted = new HashSet<>();
    for (int rank = 2; rank <= 5; rank++) {
      String annotation = "BatchNorm" + Math.max(1, rank - 2) + "d";
      for (String affine : List.of("both", "scale", "none")) {
        for (String tracking : List.of("tracked", "untracked")) {
          for (String momentum : List.of("0.1", "0.05", "cumulative")) {
            for (List<String> modes :
                List.of(List.of("train"), List.of("eval"), List.of("train", "train", "eval"))) {
              for (String precision : List.of("float32", "float64")) {
                wanted.add(
                    new Options(annotation, rank, affine, tracking, momentum, modes, precision));
              }
            }
          }
        }
      }
    }
    assertThat(wanted).hasSize(432);
    assertThat(found).containsAll(wanted);
  }

  private static int parameters(String layer) {
    return layer.contains("affine = false") ? 0 : layer.contains("bias = false") ? 1 : 2;
  }

  private static boolean tracks(String layer) {
    return !layer.contains("trackRunningStats = false");
  }

  /** Freezes the statistics of the layers of these names and of no others. */
  private static void freeze(SingleModel model, JsonNode names) {
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
    SingleModel model = NETWORKS.create(Fixtures.network(fixture), Fixtures.layers(fixture));
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
      if (step.has("dy")) {
        if (!train) {
          Fixtures.assertClose(
              at + "y to be followed back",
              Fixtures.values(model.forwardEvaluation(x)),
              Fixtures.values(step.get("y")),
              tolerance);
        }
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
