package dev.tenon.processor.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.reference.Fixtures;
import dev.tenon.processor.reference.Fixtures.Case;
import dev.tenon.processor.reference.Fixtures.Step;
import dev.tenon.processor.reference.Networks;
import dev.tenon.processor.reference.ReferenceModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What the layers lower to, run as it is written, gives what PyTorch gave: outputs, gradients and
 * running statistics, within the tolerances that the fixtures' README derives (1e-12 for float64;
 * float32 fixtures carry PyTorch's own rounding, hence 1e-5).
 */
final class LayerFixturesTest {
  @TestFactory
  Stream<DynamicContainer> layersComputeWhatPyTorchComputes() {
    return Fixtures.files().stream().map(LayerFixturesTest::ofFile);
  }

  private static DynamicContainer ofFile(Path file) {
    List<Case> cases = Fixtures.read(file);
    Map<String, String> sources = new LinkedHashMap<>();
    Map<String, String> names = new LinkedHashMap<>();
    for (Case fixture : cases) {
      String name = names.computeIfAbsent(fixture.networkKey(), key -> "Net" + names.size());
      sources.put(
          name, Networks.source(name, fixture.precision(), fixture.input(), fixture.layers()));
    }
    Map<String, Network> networks = Networks.ofAll(List.copyOf(sources.values()));
    return DynamicContainer.dynamicContainer(
        file.getFileName().toString(),
        cases.stream()
            .map(
                fixture ->
                    DynamicTest.dynamicTest(
                        fixture.name(),
                        () -> check(fixture, networks.get(names.get(fixture.networkKey()))))));
  }

  private static void check(Case fixture, Network network) {
    ReferenceModel model = new ReferenceModel(network);
    assertThat(model.stateNames()).isEqualTo(new TreeSet<>(fixture.state().keySet()));
    fixture.state().forEach(model::load);
    for (int i = 0; i < fixture.steps().size(); i++) {
      Step step = fixture.steps().get(i);
      model.freeze(step.frozen());
      check(fixture, step, model, "step " + i + " ");
    }
  }

  private static void check(Case fixture, Step step, ReferenceModel model, String where) {
    double tolerance = fixture.tolerance();
    double[] x = step.values("x");
    double[] y = step.training() ? model.forward(x) : model.predict(x);
    assertClose(where + "y", y, step.values("y"), tolerance);
    if (step.has("dy")) {
      if (!step.training()) {
        assertClose(
            where + "y to be followed back",
            model.forwardEvaluation(x),
            step.values("y"),
            tolerance);
      }
      assertClose(where + "dx", model.backward(step.values("dy")), step.values("dx"), tolerance);
      assertThat(step.gradients().keySet()).containsExactlyInAnyOrderElementsOf(model.parameters());
      step.gradients()
          .forEach(
              (name, expected) ->
                  assertClose(where + "d" + name, model.gradient(name), expected, tolerance));
    }
    if (step.training()) {
      model.nextStep();
    }
    step.stateAfter()
        .forEach(
            (name, expected) -> assertClose(where + name, model.state(name), expected, tolerance));
  }

  private static void assertClose(
      String what, double[] actual, double[] expected, double tolerance) {
    assertThat(actual).as(what).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      boolean close =
          Double.compare(actual[i], expected[i]) == 0
              || Math.abs(actual[i] - expected[i]) <= tolerance * (1 + Math.abs(expected[i]));
      assertThat(close)
          .as("%s[%d]: %s, but PyTorch gives %s", what, i, actual[i], expected[i])
          .isTrue();
    }
  }
}
