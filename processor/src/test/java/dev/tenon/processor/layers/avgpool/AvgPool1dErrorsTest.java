package dev.tenon.processor.layers.avgpool;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @AvgPool1d} says about mistakes. */
final class AvgPool1dErrorsTest {
  @Test
  void numbersMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8})
        interface Net {
          // expect@"-3" [AvgPool1dRange] @AvgPool1d on pool: kernel must be at least 1, but is -3.
          // expect@"-5" [AvgPool1dRange] @AvgPool1d on pool: stride must be at least 1, but is -5.
          // expect@"-2" [AvgPool1dRange] @AvgPool1d on pool: padding must be at least 0, but is -2.
          @AvgPool1d(kernel = -3, stride = -5, padding = -2) Layer pool();
        }
        """);
  }

  @Test
  void paddingIsAtMostHalfTheKernel() {
    assertDiagnostics(
        """
        @Network(input = {3, 8})
        interface Net {
          // expect@"2" [AvgPool1dPadding] @AvgPool1d on pool: padding = 2 is more than half of what the kernel
          //   covers, 3. Use at most 1.
          @AvgPool1d(kernel = 3, padding = 2) Layer pool();
        }
        """);
  }

  @Test
  void aVectorIsNoSequence() {
    assertDiagnostics(
        """
        @Network(input = {3, 4})
        interface Net {
          @Flatten Layer flat();
          // expect@"@AvgPool1d" [AvgPool1dRank] @AvgPool1d on pool: works on sequences, channels x length, but
          //   its input is 12, a vector of features.
          //   input 3x4
          //   flat @Flatten -> 12
          //   > pool @AvgPool1d(kernel = 2)
          //   Put it before the layer that flattens.
          @AvgPool1d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void aVolumeIsNoSequence() {
    assertDiagnostics(
        """
        @Network(input = {3, 4, 6, 6})
        interface Net {
          // expect@"@AvgPool1d" [AvgPool1dRank] but its input is 3x4x6x6, which has 4 axes.
          //   input 3x4x6x6
          //   > pool @AvgPool1d(kernel = 2)
          //   Use @AvgPool3d.
          @AvgPool1d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void theKernelMustFit() {
    assertDiagnostics(
        """
        @Network(input = {3, 5})
        interface Net {
          // expect@"6" [AvgPool1dKernel] @AvgPool1d on pool: the kernel covers 6, but its input 3x5 is only 5.
          //   input 3x5
          //   > pool @AvgPool1d(kernel = 6)
          //   Use a kernel of at most 5.
          @AvgPool1d(kernel = 6) Layer pool();
        }
        """);
  }

  @Test
  void thePaddedInputMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {1, 2147483646})
        interface Net {
          // expect@"1" [AvgPool1dSize] the padded input 2147483648 is too large: an axis holds at most
          //   2147483647 elements.
          @AvgPool1d(kernel = 3, padding = 1) Layer pool();
        }
        """);
  }

  @Test
  void aDivisorIsPositive() {
    assertDiagnostics(
        """
        @Network(input = {3, 8})
        interface Net {
          // expect@"-4" [AvgPool1dRange] @AvgPool1d on pool: divisorOverride must be at least 1, but is -4.
          //   Leave it out to divide by the size of the window.
          @AvgPool1d(kernel = 2, divisorOverride = -4) Layer pool();
        }
        """);
  }
}
