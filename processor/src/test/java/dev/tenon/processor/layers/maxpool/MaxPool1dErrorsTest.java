package dev.tenon.processor.layers.maxpool;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @MaxPool1d} says about mistakes. */
final class MaxPool1dErrorsTest {
  @Test
  void numbersMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8})
        interface Net {
          // expect@"-3" [MaxPool1dRange] @MaxPool1d on pool: kernel must be at least 1, but is -3.
          // expect@"-5" [MaxPool1dRange] @MaxPool1d on pool: stride must be at least 1, but is -5.
          // expect@"-2" [MaxPool1dRange] @MaxPool1d on pool: padding must be at least 0, but is -2.
          @MaxPool1d(kernel = -3, stride = -5, padding = -2) Layer pool();
        }
        """);
  }

  @Test
  void paddingIsAtMostHalfTheKernel() {
    assertDiagnostics(
        """
        @Network(input = {3, 8})
        interface Net {
          // expect@"2" [MaxPool1dPadding] @MaxPool1d on pool: padding = 2 is more than half of what the kernel
          //   covers, 3. Use at most 1.
          @MaxPool1d(kernel = 3, padding = 2) Layer pool();
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
          // expect@"@MaxPool1d" [MaxPool1dRank] @MaxPool1d on pool: works on sequences, channels x length, but
          //   its input is 12, a vector of features.
          //   input 3x4
          //   flat @Flatten -> 12
          //   > pool @MaxPool1d(kernel = 2)
          //   Put it before the layer that flattens.
          @MaxPool1d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void aVolumeIsNoSequence() {
    assertDiagnostics(
        """
        @Network(input = {3, 4, 6, 6})
        interface Net {
          // expect@"@MaxPool1d" [MaxPool1dRank] but its input is 3x4x6x6, which has 4 axes.
          //   input 3x4x6x6
          //   > pool @MaxPool1d(kernel = 2)
          //   Use @MaxPool3d.
          @MaxPool1d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void theKernelMustFit() {
    assertDiagnostics(
        """
        @Network(input = {3, 5})
        interface Net {
          // expect@"6" [MaxPool1dKernel] @MaxPool1d on pool: the kernel covers 6, but its input 3x5 is only 5.
          //   input 3x5
          //   > pool @MaxPool1d(kernel = 6)
          //   Use a kernel of at most 5.
          @MaxPool1d(kernel = 6) Layer pool();
        }
        """);
  }

  @Test
  void thePaddedInputMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {1, 2147483646})
        interface Net {
          // expect@"1" [MaxPool1dSize] the padded input 2147483648 is too large: an axis holds at most
          //   2147483647 elements.
          @MaxPool1d(kernel = 3, padding = 1) Layer pool();
        }
        """);
  }

  @Test
  void dilationMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8})
        interface Net {
          // expect@"0" [MaxPool1dRange] @MaxPool1d on pool: dilation must be at least 1, but is 0.
          @MaxPool1d(kernel = 3, dilation = 0) Layer pool();
        }
        """);
  }

  @Test
  void noWindowMaySeeOnlyPadding() {
    assertDiagnostics(
        """
        @Network(input = {3, 1})
        interface Net {
          // expect@"5" [MaxPool1dEmptyWindow] with dilation 5 and padding 3, a window sees nothing of its
          //   input 3x1 but padding.
          //   input 3x1
          //   > pool @MaxPool1d(kernel = 2, stride = 1, padding = 3, dilation = 5)
          //   Use a smaller dilation or no padding.
          @MaxPool1d(kernel = 2, stride = 1, padding = 3, dilation = 5) Layer pool();
        }
        """);
  }
}
