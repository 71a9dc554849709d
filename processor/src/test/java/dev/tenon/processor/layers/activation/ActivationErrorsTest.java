package dev.tenon.processor.layers.activation;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What the activations say about mistakes. */
final class ActivationErrorsTest {
  @Test
  void aSlopeIsFinite() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@".NaN" [LeakyReLUSlope] @LeakyReLU on act1: slope must be finite, but is NaN.
          @LeakyReLU(slope = Double.NaN) Layer act1();
          // expect@"/ 0" [LeakyReLUSlope] @LeakyReLU on act2: slope must be finite, but is Infinity.
          @LeakyReLU(slope = 1.0 / 0) Layer act2();
          @LeakyReLU(slope = -2) Layer act3();
        }
        """);
  }

  @Test
  void boundsHaveNumbersBetweenThem() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@"2" [HardtanhRange] @Hardtanh on act1: min must be below max, but min is 2.0 and max is 1.0.
          @Hardtanh(min = 2) Layer act1();
          // expect@"-1" [HardtanhRange] @Hardtanh on act2: min must be below max, but min is -1.0 and max is -1.0.
          @Hardtanh(max = -1) Layer act2();
          // expect@"3" [HardtanhRange] @Hardtanh on act3: min must be below max, but min is 3.0 and max is 3.0.
          @Hardtanh(min = 3, max = 3) Layer act3();
          // expect@".NaN" [HardtanhRange] @Hardtanh on act4: min must be below max, but min is NaN and max is 1.0.
          @Hardtanh(min = Double.NaN) Layer act4();
          @Hardtanh(min = 0, max = Double.POSITIVE_INFINITY) Layer act5();
        }
        """);
  }

  @Test
  void numbersFitThePrecision() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Slope {
          // expect@"1e300" [LeakyReLUSlope] @LeakyReLU on act1: slope = 1.0E300 is more than float32 holds
          @LeakyReLU(slope = 1e300) Layer act1();
        }
        """,
        """
        @Network(input = {12})
        interface Bounds {
          // expect@"-1e300" [HardtanhRange] @Hardtanh on act1: min = -1.0E300 is more than float32 holds
          @Hardtanh(min = -1e300) Layer act1();
        }
        """,
        """
        @Network(input = {12}, precision = Precision.FLOAT64)
        interface Twice {
          @LeakyReLU(slope = 1e300) Layer act1();
          @Hardtanh(min = -1e300) Layer act2();
        }
        """);
  }
}
