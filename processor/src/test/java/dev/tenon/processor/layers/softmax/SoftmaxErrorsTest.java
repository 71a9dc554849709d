package dev.tenon.processor.layers.softmax;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Softmax} and {@code @LogSoftmax} say about mistakes. */
final class SoftmaxErrorsTest {
  @Test
  void theBatchIsNoAxisOfASlice() {
    assertDiagnostics(
        """
        @Network(input = {3, 4})
        interface Net {
          // expect@"0" [SoftmaxBatch] @Softmax on soft1: axis = 0 is the batch, whose samples are independent of each other.
          @Softmax(axis = 0) Layer soft1();
          // expect@"0" [LogSoftmaxBatch] @LogSoftmax on soft2: axis = 0 is the batch, whose samples are independent of each other.
          @LogSoftmax(axis = 0) Layer soft2();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {3, 4})
        interface Net {
          // expect@"-3" [SoftmaxBatch] @Softmax on soft: axis = -3 is the batch, whose samples are independent of each other.
          @Softmax(axis = -3) Layer soft();
        }
        """);
  }

  @Test
  void theAxisIsOneOfTheInputs() {
    assertDiagnostics(
        """
        @Network(input = {3, 4})
        interface Net {
          @Softmax(axis = 2) Layer soft1();
          @Softmax(axis = -2) Layer soft2();
          // expect@"3" [SoftmaxAxis] @Softmax on soft3: axis = 3, but its input 3x4 has axes 1 to 2 behind the batch.
          @Softmax(axis = 3) Layer soft3();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          // expect@"-3" [LogSoftmaxAxis] @LogSoftmax on soft: axis = -3, but its input 4 has axis 1 behind the batch.
          @LogSoftmax(axis = -3) Layer soft();
        }
        """);
  }
}
