package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** The error catalogue of {@link LayerReader}. */
class LayerReaderTest {
  @Test
  void twoLayersOnOneMethod() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"@ReLU" [LayerStacked] @ReLU on fc1: one method is one layer, but here are 2
          //   (@Linear, @ReLU). Leave @Linear and move @ReLU to a method of its own, such as
          //   `Layer relu1();`.
          @Linear(out = 3) @ReLU Weighted fc1();
          @Linear(out = 2) Weighted fc2();
        }
        """);
  }
}
