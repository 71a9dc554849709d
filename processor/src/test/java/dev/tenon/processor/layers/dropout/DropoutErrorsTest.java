package dev.tenon.processor.layers.dropout;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Dropout} and {@code @Dropout2d} say about mistakes. */
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

  @Test
  void theProbabilityOfAChannelToo() {
    assertDiagnostics(
        """
        @Network(input = {2, 3, 3})
        interface Net {
          // expect@"1.5" [Dropout2dRange] @Dropout2d on drop: p must lie between 0 and 1, but is 1.5.
          @Dropout2d(p = 1.5) Layer drop();
        }
        """);
  }

  @Test
  void channelsAreThoseOfImages() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect [Dropout2dRank] @Dropout2d on drop: drops channels of images, channels x height x width,
          //   but its input is 12, a vector of features.
          @Dropout2d Layer drop();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {2, 12})
        interface Net {
          // expect [Dropout2dRank] but its input is 2x12, which has 2 axes.
          @Dropout2d Layer drop();
        }
        """);
  }
}
