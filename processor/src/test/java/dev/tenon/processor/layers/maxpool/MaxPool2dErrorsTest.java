package dev.tenon.processor.layers.maxpool;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @MaxPool2d} says about mistakes. */
final class MaxPool2dErrorsTest {
  @Test
  void numbersMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"-3" [MaxPool2dRange] @MaxPool2d on pool: kernel must be at least 1, but is -3.
          // expect@"{1, -5}" [MaxPool2dRange] @MaxPool2d on pool: stride must be at least 1, but is -5.
          // expect@"-2" [MaxPool2dRange] @MaxPool2d on pool: padding must be at least 0, but is -2.
          @MaxPool2d(kernel = -3, stride = {1, -5}, padding = -2) Layer pool();
        }
        """);
  }

  @Test
  void pairsHaveOneOrTwoValues() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"{}" [MaxPool2dValues] @MaxPool2d on pool: kernel takes one value for height and width, or
          //   two, {height, width}, but has 0.
          // expect@"{1, 1, 1}" [MaxPool2dValues] stride takes one value for height and width, or two,
          //   {height, width}, but has 3.
          @MaxPool2d(kernel = {}, stride = {1, 1, 1}) Layer pool();
        }
        """);
  }

  @Test
  void paddingIsAtMostHalfTheKernel() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"2" [MaxPool2dPadding] @MaxPool2d on pool: padding = 2 is more than half of what the kernel
          //   covers, 3. Use at most 1.
          @MaxPool2d(kernel = 3, padding = 2) Layer pool();
        }
        """);
  }

  @Test
  void aVectorIsNoImage() {
    assertDiagnostics(
        """
        @Network(input = {3, 2, 2})
        interface Net {
          @Flatten Layer flat();
          // expect@"@MaxPool2d" [MaxPool2dRank] @MaxPool2d on pool: works on images, channels x height x width, but
          //   its input is 12, a vector of features.
          //   input 3x2x2
          //   flat @Flatten -> 12
          //   > pool @MaxPool2d(kernel = 2)
          //   Put it before the layer that flattens.
          @MaxPool2d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void aSequenceIsNoImage() {
    assertDiagnostics(
        """
        @Network(input = {3, 12})
        interface Net {
          // expect@"@MaxPool2d" [MaxPool2dRank] but its input is 3x12, which has 2 axes.
          //   input 3x12
          //   > pool @MaxPool2d(kernel = 2)
          //   Use @MaxPool1d.
          @MaxPool2d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void theKernelMustFit() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 5})
        interface Net {
          // expect@"6" [MaxPool2dKernel] @MaxPool2d on pool: the kernel covers 6x6, but its input 3x5x5 is only
          //   5x5.
          //   input 3x5x5
          //   > pool @MaxPool2d(kernel = 6)
          //   Use a kernel of at most 5x5.
          @MaxPool2d(kernel = 6) Layer pool();
        }
        """);
  }

  @Test
  void thePaddedInputMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {1, 1, 1})
        interface Net {
          // expect@"100000" [MaxPool2dSize] the kernel 100000x100000 is too large: it holds at most 2147483647
          //   elements.
          @MaxPool2d(kernel = 100000, padding = 50000) Layer pool();
        }
        """);
  }

  @Test
  void dilationMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"0" [MaxPool2dRange] @MaxPool2d on pool: dilation must be at least 1, but is 0.
          @MaxPool2d(kernel = 3, dilation = 0) Layer pool();
        }
        """);
  }

  @Test
  void noWindowMaySeeOnlyPadding() {
    assertDiagnostics(
        """
        @Network(input = {3, 1, 4})
        interface Net {
          // expect@"5" [MaxPool2dEmptyWindow] with dilation 5x5 and padding 3x3, a window sees nothing of its
          //   input 3x1x4 but padding.
          //   input 3x1x4
          //   > pool @MaxPool2d(kernel = 2, stride = 1, padding = 3, dilation = 5)
          //   Use a smaller dilation or no padding.
          @MaxPool2d(kernel = 2, stride = 1, padding = 3, dilation = 5) Layer pool();
        }
        """);
  }
}
