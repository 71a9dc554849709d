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

  @Test
  void theFirstFactorFitsThePrecision() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@"1e39" [ScaleInitial] @Scale on scale: initial = 1.0E39 is more than float32 holds: its largest
          //   number is 3.4028235E38.
          @Scale(initial = 1e39) Weighted scale();
        }
        """,
        """
        @Network(input = {12}, precision = Precision.FLOAT64)
        interface Twice {
          @Scale(initial = 1e39) Weighted scale();
        }
        """);
  }
}
