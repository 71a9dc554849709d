package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.parallel.PiecewiseModel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a model and its layers say of themselves. */
class ModelTextTest {
  @Test
  void aModelPrintsAsItsDeclarationWithShapes() {
    SingleModel model =
        CompiledNetwork.of(
                "Printed",
                "input = {3, 8, 8}, precision = Precision.FLOAT64",
                List.of(
                    "@Conv2d(out = 4, kernel = 3, bias = false) Weighted conv();",
                    "@BatchNorm2d BatchNorm bn();",
                    "@ReLU Layer relu();",
                    "@GlobalAvgPool Layer pool();",
                    "@Linear(out = 1000) Weighted classifier();"))
            .create(1);
    String text =
        """
        Printed, float64, 5,116 parameters
          input       3x8x8
          conv        @Conv2d(out = 4, kernel = 3, bias = false) -> 4x6x6
          bn          @BatchNorm2d -> 4x6x6
          relu        @ReLU -> 4x6x6
          pool        @GlobalAvgPool -> 4
          classifier  @Linear(out = 1000) -> 1000""";
    assertThat(model).hasToString(text);
    try (PiecewiseModel pieces = PiecewiseModel.of(model, 2, 1)) {
      assertThat(pieces).hasToString("In 2 pieces: " + text);
    }
    assertThat(model.layers().toString())
        .isEqualTo(
            "[conv: Conv2d(weight [4, 3, 3, 3]), bn: BatchNorm2d(weight [4], bias [4]), relu: ReLU,"
                + " pool: GlobalAvgPool, classifier: Linear(weight [1000, 4], bias [1000])]");
    BatchNorm bn = (BatchNorm) model.layers().get(1);
    bn.freezeStatistics();
    assertThat(bn).hasToString("bn: BatchNorm2d(weight [4], bias [4], statistics frozen)");
  }

  @Test
  void inputsWithNamesAndIndicesAreLines() {
    Model model =
        CompiledNetwork.of(
                "Several",
                "",
                List.of(
                    "@Input({5}) Layer numbers();",
                    "@IndexInput Layer kind();",
                    "@From(\"kind\") @Embedding(num = 7, dim = 3) Weighted embedded();",
                    "@From({\"numbers\", \"embedded\"}) @Concat Layer all();",
                    "@Linear(out = 1) Weighted head();"))
            .createBase(1);
    assertThat(model)
        .hasToString(
            """
            Several, float32, 30 parameters
              numbers   5
              kind      scalar, indices below 7
              embedded  @Embedding(num = 7, dim = 3) from kind -> 3
              all       @Concat from numbers, embedded -> 8
              head      @Linear(out = 1) -> 1""");
  }

  /** Text that is longer than one constant of a class file may be. */
  @Test
  void aModelOfAnyLengthHasItsText() {
    String name = "l".repeat(100);
    String text =
        CompiledNetwork.of(
                "Long",
                "input = 1",
                IntStream.range(1_000, 1_600)
                    .mapToObj(i -> "@Flatten Layer " + name + i + "();")
                    .toList())
            .create(1)
            .toString();
    assertThat(text.length()).isGreaterThan(65_535);
    assertThat(text.lines()).hasSize(602);
    assertThat(text).endsWith("\n  " + name + "1599  @Flatten -> 1");
  }

  /** A class may say more of itself, and nobody may write over that. */
  @Test
  void aClassKeepsItsOwnText() {
    SingleModel model =
        CompiledNetwork.ofSource(
                "Own",
                """
                package test;
                import dev.tenon.annotations.*;
                import dev.tenon.runtime.layer.*;
                @Network(input = 2)
                public abstract class Own extends Base {
                  @Linear(out = 2) abstract Weighted layer();
                }
                abstract class Base {
                  @Override public final String toString() { return "own text"; }
                }
                """)
            .create(1);
    assertThat(model).hasToString("own text");
  }
}
