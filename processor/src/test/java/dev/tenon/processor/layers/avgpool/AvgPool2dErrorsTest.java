package dev.tenon.processor.layers.avgpool;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @AvgPool2d} says about mistakes. */
final class AvgPool2dErrorsTest {
  @Test
  void numbersMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"-3" [AvgPool2dRange] @AvgPool2d on pool: kernel must be at least 1, but is -3.
          // expect@"{1, -5}" [AvgPool2dRange] @AvgPool2d on pool: stride must be at least 1, but is -5.
          // expect@"-2" [AvgPool2dRange] @AvgPool2d on pool: padding must be at least 0, but is -2.
          @AvgPool2d(kernel = -3, stride = {1, -5}, padding = -2) Layer pool();
        }
        """);
  }

  @Test
  void pairsHaveOneOrTwoValues() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"{}" [AvgPool2dValues] @AvgPool2d on pool: kernel takes one value for height and width, or
          //   two, {height, width}, but has 0.
          // expect@"{1, 1, 1}" [AvgPool2dValues] stride takes one value for height and width, or two,
          //   {height, width}, but has 3.
          @AvgPool2d(kernel = {}, stride = {1, 1, 1}) Layer pool();
        }
        """);
  }

  @Test
  void paddingIsAtMostHalfTheKernel() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"2" [AvgPool2dPadding] @AvgPool2d on pool: padding = 2 is more than half of what the kernel
          //   covers, 3. Use at most 1.
          @AvgPool2d(kernel = 3, padding = 2) Layer pool();
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
          // expect@"@AvgPool2d" [AvgPool2dRank] @AvgPool2d on pool: works on images, channels x height x width, but
          //   its input is 12, a vector of features.
          //   input 3x2x2
          //   flat @Flatten -> 12
          //   > pool @AvgPool2d(kernel = 2)
          //   Put it before the layer that flattens.
          @AvgPool2d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void aSequenceIsNoImage() {
    assertDiagnostics(
        """
        @Network(input = {3, 12})
        interface Net {
          // expect@"@AvgPool2d" [AvgPool2dRank] but its input is 3x12, which has 2 axes.
          //   input 3x12
          //   > pool @AvgPool2d(kernel = 2)
          //   Use @AvgPool1d.
          @AvgPool2d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void theKernelMustFit() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 5})
        interface Net {
          // expect@"6" [AvgPool2dKernel] @AvgPool2d on pool: the kernel covers 6x6, but its input 3x5x5 is only
          //   5x5.
          //   input 3x5x5
          //   > pool @AvgPool2d(kernel = 6)
          //   Use a kernel of at most 5x5.
          @AvgPool2d(kernel = 6) Layer pool();
        }
        """);
  }

  @Test
  void thePaddedInputMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {1, 1, 1})
        interface Net {
          // expect@"100000" [AvgPool2dSize] the kernel 100000x100000 is too large: it holds at most 2147483647
          //   elements.
          @AvgPool2d(kernel = 100000, padding = 50000) Layer pool();
        }
        """);
  }

  @Test
  void aDivisorIsPositive() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"-4" [AvgPool2dRange] @AvgPool2d on pool: divisorOverride must be at least 1, but is -4.
          //   Leave it out to divide by the size of the window.
          @AvgPool2d(kernel = 2, divisorOverride = -4) Layer pool();
        }
        """);
  }
}
