package dev.tenon.processor.plan.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.graph.Lowerings;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.plan.PlanVariants;
import dev.tenon.processor.reference.Networks;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which flattenings go. That the program without them computes the same, {@link PlanVariants} says
 * of every network.
 */
class ReshapeElisionTest {
  private static Program program(List<Integer> input, String... layers) {
    Network network = Networks.of("float32", input, List.of(layers));
    return Lowerings.lower(network);
  }

  private static List<String> layers(Program program) {
    return Stream.of(program.forward(), program.backward(), program.predict())
        .flatMap(List::stream)
        .map(Step::layer)
        .distinct()
        .toList();
  }

  @Test
  void aFlatteningBeforeALinearLayerGoesAndItsWeightBecomesAView() {
    Program program =
        program(
            List.of(2, 4, 5),
            "@Conv2d(out = 3, kernel = 3) Weighted conv();",
            "@Flatten Layer flat();",
            "@Linear(out = 7) Weighted head();");
    assertThat(layers(program)).contains("flat");
    ReshapeElision.Result result = ReshapeElision.of(program);
    assertThat(layers(result.program())).containsExactly("conv", "head");
    assertThat(result.views()).containsOnlyKeys("head.weight");
    assertThat(result.views().get("head.weight")).containsExactly(7, 3, 2, 3);
  }

  @Test
  void whatActsOnEachValueRunsOnTheFullShapeInBetween() {
    ReshapeElision.Result result =
        ReshapeElision.of(
            program(
                List.of(2, 4, 5),
                "@Conv2d(out = 3, kernel = 3) Weighted conv();",
                "@Flatten Layer flat();",
                "@Linear(out = 7) Weighted hidden();",
                "@ReLU Layer relu();",
                "@Linear(out = 2) Weighted head();"));
    assertThat(layers(result.program())).doesNotContain("flat");
    assertThat(result.views()).containsOnlyKeys("hidden.weight");
  }

  @Test
  void aFlatteningOfTheInputGoes() {
    ReshapeElision.Result result =
        ReshapeElision.of(
            program(
                List.of(2, 4, 5), "@Flatten Layer flat();", "@Linear(out = 7) Weighted head();"));
    assertThat(layers(result.program())).containsExactly("head");
  }

  @Test
  void aFlatteningThatTheUserSeesStays() {
    Program program =
        program(
            List.of(2, 4, 5),
            "@Conv2d(out = 3, kernel = 3) Weighted conv();",
            "@Flatten Layer flat();");
    ReshapeElision.Result result = ReshapeElision.of(program);
    assertThat(result.program()).isEqualTo(program);
    assertThat(result.views()).isEmpty();
  }

  @Test
  void anImageMadeOfAVectorGoesAndTheWeightBeforeItBecomesAView() {
    ReshapeElision.Result result =
        ReshapeElision.of(
            program(
                List.of(5),
                "@Linear(out = 144) Weighted fc();",
                "@Reshape({16, 3, 3}) Layer image();",
                "@ConvTranspose2d(out = 2, kernel = 2) Weighted up();"));
    assertThat(layers(result.program())).containsExactly("fc", "up");
    assertThat(result.views().get("fc.weight")).containsExactly(16, 3, 3, 5);
    assertThat(result.views().get("fc.bias")).containsExactly(16, 3, 3);
  }

  @Test
  void anAxisOfOneElementIsAnAxis() {
    ReshapeElision.Result result =
        ReshapeElision.of(
            program(
                List.of(5),
                "@Linear(out = 48) Weighted fc();",
                "@Reshape({16, 1, 3, 1}) Layer volume();",
                "@Conv3d(out = 2, kernel = 1) Weighted conv();"));
    assertThat(layers(result.program())).containsExactly("fc", "conv");
    assertThat(result.views().get("fc.weight")).containsExactly(16, 1, 3, 1, 5);
  }

  /** The layer before would compute 16 channels for one. */
  @Test
  void channelsThatDoNotFillTheirLanesAreCopied() {
    Program program =
        program(
            List.of(5),
            "@Linear(out = 144) Weighted fc();",
            "@Reshape({1, 12, 12}) Layer image();",
            "@Conv2d(out = 2, kernel = 3) Weighted conv();");
    assertThat(ReshapeElision.of(program).program()).isEqualTo(program);
  }

  @Test
  void axesThatAreCutAcrossStay() {
    Program program =
        program(
            List.of(2, 4, 5),
            "@Conv2d(out = 3, kernel = 3) Weighted conv();",
            "@Reshape({2, 9}) Layer rows();",
            "@Conv1d(out = 2, kernel = 3) Weighted along();");
    ReshapeElision.Result result = ReshapeElision.of(program);
    assertThat(result.program()).isEqualTo(program);
  }

  @Test
  void withoutAFlatteningNothingChanges() {
    Program program =
        program(
            List.of(2, 4, 5),
            "@Conv2d(out = 3, kernel = 3) Weighted conv();",
            "@GlobalAvgPool Layer pool();",
            "@Linear(out = 7) Weighted head();");
    ReshapeElision.Result result = ReshapeElision.of(program);
    assertThat(layers(result.program())).containsExactlyElementsOf(layers(program));
    assertThat(result.views()).isEmpty();
  }
}
