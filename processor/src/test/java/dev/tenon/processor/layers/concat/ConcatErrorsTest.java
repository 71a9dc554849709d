package dev.tenon.processor.layers.concat;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Concat} says about mistakes. */
final class ConcatErrorsTest {
  @Test
  void theBatchIsNoAxisToPutTogether() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @ReLU Layer relu();
          // expect@"0" [ConcatBatch] @Concat on both: axis = 0 is the batch axis, along which samples
          //   are not put together. Axes count from 1 behind the batch, or from -1 at the end.
          @From({"relu", Network.INPUT}) @Concat(axis = 0) Layer both();
        }
        """);
  }

  @Test
  void theAxisMustExist() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @ReLU Layer relu();
          // expect@"-4" [ConcatAxis] @Concat on both: axis = -4, but its input 3x8x8 has axes 1 to 3
          //   behind the batch.
          //   input 3x8x8
          //   relu is
          //   relu @ReLU -> 3x8x8
          //   the input is above
          //   > both @Concat(axis = -4) from relu, the input
          //   Set axis = 1, or 2, or 3.
          @From({"relu", Network.INPUT}) @Concat(axis = -4) Layer both();
        }
        """);
  }

  @Test
  void featuresHaveOneAxis() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @ReLU Layer relu();
          // expect@"2" [ConcatAxis] axis = 2, but its input 4 has axis 1 alone behind the batch.
          //   input 4
          //   relu is
          //   relu @ReLU -> 4
          //   the input is above
          //   > both @Concat(axis = 2) from relu, the input
          //   Set axis = 1.
          @From({"relu", Network.INPUT}) @Concat(axis = 2) Layer both();
        }
        """
            .replace("behind the batch.\n  //   Set", "behind the batch.\n  // Set"));
  }

  @Test
  void otherAxesMustBeEqual() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @MaxPool2d(kernel = 2) Layer pool();
          // expect@".INPUT" [ConcatShapes] @Concat on both: pool gives 3x4x4 and the input gives
          //   3x8x8, but inputs may differ along axis 1 only.
          //   input 3x8x8
          //   pool is
          //   pool @MaxPool2d(kernel = 2) -> 3x4x4
          //   the input is above
          //   > both @Concat from pool, the input
          //   Make their sizes equal along axes 2 and 3.
          @From({"pool", Network.INPUT}) @Concat Layer both();
        }
        """);
  }

  @Test
  void anotherAxisMayBeMeant() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @MaxPool2d(kernel = {1, 2}) Layer pool();
          // expect [ConcatShapes] pool gives 3x8x4 and the input gives 3x8x8, but inputs may differ
          //   along axis 1 only.
          //   input 3x8x8
          //   pool is
          //   pool @MaxPool2d(kernel = {1, 2}) -> 3x8x4
          //   the input is above
          //   > both @Concat from pool, the input
          //   Set axis = 3, or make their sizes equal there.
          @From({"pool", Network.INPUT}) @Concat Layer both();
        }
        """);
  }

  @Test
  void inputsMustHaveAsManyAxes() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Flatten Layer flat();
          // expect [ConcatShapes] flat gives 192 and the input gives 3x8x8, but inputs must have the
          //   same number of axes.
          //   input 3x8x8
          //   flat is
          //   flat @Flatten -> 192
          //   the input is above
          //   > both @Concat from flat, the input
          //   Flatten the one with more axes.
          @From({"flat", Network.INPUT}) @Concat Layer both();
        }
        """);
  }
}
