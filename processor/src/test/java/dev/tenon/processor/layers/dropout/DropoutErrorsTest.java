package dev.tenon.processor.layers.dropout;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Dropout} says about mistakes. */
final class DropoutErrorsTest {
  @Test
  void pIsAProbability() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@"1.5" [DropoutRange] @Dropout on drop1: p must lie between 0 and 1, but is 1.5.
          @Dropout(p = 1.5) Layer drop1();
          // expect@"-0.1" [DropoutRange] @Dropout on drop2: p must lie between 0 and 1, but is -0.1.
          @Dropout(p = -0.1) Layer drop2();
          // expect@".NaN" [DropoutRange] @Dropout on drop3: p must lie between 0 and 1, but is NaN.
          @Dropout(p = Double.NaN) Layer drop3();
        }
        """);
  }
}
