package dev.tenon.processor.layers.flatten;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Flatten} says about mistakes. */
final class FlattenErrorsTest {
  @Test
  void theBatchStays() {
    assertDiagnostics(
        """
        @Network(input = {2, 3, 4})
        interface Net {
          // expect@"0" [FlattenBatch] @Flatten on flat: start = 0 is the batch axis, which cannot be
          //   flattened into a sample. Axes count from 1 behind the batch, or from -1 at the end.
          @Flatten(start = 0) Layer flat();
        }
        """);
  }

  @Test
  void theBatchIsNoEnd() {
    assertDiagnostics(
        """
        @Network(input = {2, 3, 4})
        interface Net {
          // expect@"0" [FlattenBatch] @Flatten on flat: end = 0 is the batch axis
          @Flatten(end = 0) Layer flat();
        }
        """);
  }

  @Test
  void axesMustExist() {
    assertDiagnostics(
        """
        @Network(input = {2, 3, 4})
        interface Net {
          // expect@"4" [FlattenAxis] start = 4, but its input 2x3x4 has axes 1 to 3 behind the batch.
          //   input 2x3x4
          //   > flat @Flatten(start = 4, end = -4)
          //   Set start between 1 and 3, or -1 for the last axis.
          // expect@"-4" [FlattenAxis] end = -4, but its input 2x3x4 has axes 1 to 3 behind the batch.
          @Flatten(start = 4, end = -4) Layer flat();
        }
        """);
  }

  @Test
  void startComesFirst() {
    assertDiagnostics(
        """
        @Network(input = {2, 3, 4})
        interface Net {
          // expect@"1" [FlattenOrder] start is axis 3, which lies behind end, axis 1 of its input 2x3x4.
          //   input 2x3x4
          //   > flat @Flatten(start = -1, end = 1)
          //   Set end to 3 or more, or start to 1 or less.
          @Flatten(start = -1, end = 1) Layer flat();
        }
        """);
  }
}
