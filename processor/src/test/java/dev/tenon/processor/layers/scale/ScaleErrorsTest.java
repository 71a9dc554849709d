package dev.tenon.processor.layers.scale;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Scale} says about mistakes. */
final class ScaleErrorsTest {
  @Test
  void theFirstFactorIsFinite() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@".NaN" [ScaleInitial] @Scale on scale: initial must be finite, but is NaN.
          @Scale(initial = Double.NaN) Weighted scale();
        }
        """);
  }
}
