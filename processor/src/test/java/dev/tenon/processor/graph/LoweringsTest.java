package dev.tenon.processor.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.reference.Networks;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the steps of layers become a program. */
final class LoweringsTest {
  private static final Program PROGRAM =
      Lowerings.lower(
          Networks.of(
              "float32",
              List.of(4),
              List.of(
                  "@Linear(out = 3) Weighted fc();",
                  "@BatchNorm1d BatchNorm bn();",
                  "@ReLU Layer relu();")));

  @Test
  void forwardAndEvaluationRunInOrderAndBackwardInReverse() {
    assertThat(PROGRAM.forward())
        .extracting(LoweringsTest::name)
        .containsExactly(
            "fc.forward",
            "bn.statistics",
            "MOMENTS of bn",
            "count of bn",
            "bn.running",
            "bn.frozenStatistics",
            "bn.coefficients",
            "bn.normalise",
            "relu.forward");
    assertThat(PROGRAM.backward())
        .extracting(LoweringsTest::name)
        .containsExactly(
            "relu.backward",
            "bn.backwardReductions",
            "SUMS of bn",
            "bn.backwardCoefficients",
            "bn.backward",
            "bn.frozenBackward",
            "fc.inputGradient",
            "fc.weightGradient",
            "fc.biasGradient");
    assertThat(PROGRAM.predict())
        .extracting(LoweringsTest::name)
        .containsExactly("fc.predict", "bn.predictScale", "bn.predict", "relu.predict");
  }

  @Test
  void theEndsHaveTheirNames() {
    assertThat(PROGRAM.ends().inputs()).hasToString("[input[N, 4]]");
    assertThat(PROGRAM.ends().outputs()).hasToString("[relu.output[N, 3]]");
    assertThat(PROGRAM.ends().outputGradients()).hasToString("[relu.outputGradient[N, 3]]");
    assertThat(PROGRAM.ends().inputGradients()).hasToString("[inputGradient[N, 4]]");
    assertThat(PROGRAM.ends().predictInputs()).hasToString("[predictInput[N, 4]]");
    assertThat(PROGRAM.ends().predictOutputs()).hasToString("[relu.prediction[N, 3]]");
  }

  @Test
  void aLayerWritesTheGradientOfWhatTheLayerBeforeItGave() {
    Nest backward = PROGRAM.backward().get(4).nest().orElseThrow();
    assertThat(backward.stores().get(0).tensor()).hasToString("fc.outputGradient[N, 3]");
  }

  @Test
  void namesOfNestsAreUnique() {
    List<String> names =
        Stream.of(PROGRAM.forward(), PROGRAM.backward(), PROGRAM.predict())
            .flatMap(List::stream)
            .map(LoweringsTest::name)
            .toList();
    assertThat(names).doesNotHaveDuplicates();
  }

  private static String name(Step step) {
    return step.nest()
        .map(nest -> nest.layer() + "." + nest.name())
        .orElseGet(
            () ->
                (step.bare() instanceof Step.Join join ? join.how() : "count")
                    + " of "
                    + step.layer());
  }
}
