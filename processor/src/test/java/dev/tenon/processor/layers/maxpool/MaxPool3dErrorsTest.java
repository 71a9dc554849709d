package dev.tenon.processor.layers.maxpool;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @MaxPool3d} says about mistakes. */
final class MaxPool3dErrorsTest {
  @Test
  void numbersMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"-3" [MaxPool3dRange] @MaxPool3d on pool: kernel must be at least 1, but is -3.
          // expect@"{1, -5, 1}" [MaxPool3dRange] @MaxPool3d on pool: stride must be at least 1, but is -5.
          // expect@"-2" [MaxPool3dRange] @MaxPool3d on pool: padding must be at least 0, but is -2.
          @MaxPool3d(kernel = -3, stride = {1, -5, 1}, padding = -2) Layer pool();
        }
        """);
  }

  @Test
  void valuesAreOneOrThree() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"{}" [MaxPool3dValues] @MaxPool3d on pool: kernel takes one value for depth, height and
          //   width, or three, {depth, height, width}, but has 0.
          // expect@"{1, 1}" [MaxPool3dValues] stride takes one value for depth, height and width,
          //   or three, {depth, height, width}, but has 2.
          @MaxPool3d(kernel = {}, stride = {1, 1}) Layer pool();
        }
        """);
  }

  @Test
  void paddingIsAtMostHalfTheKernel() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"2" [MaxPool3dPadding] @MaxPool3d on pool: padding = 2 is more than half of what the kernel
          //   covers, 3. Use at most 1.
          @MaxPool3d(kernel = 3, padding = 2) Layer pool();
        }
        """);
  }

  @Test
  void aVectorIsNoVolume() {
    assertDiagnostics(
        """
        @Network(input = {3, 2, 2, 2})
        interface Net {
          @Flatten Layer flat();
          // expect@"@MaxPool3d" [MaxPool3dRank] @MaxPool3d on pool: works on volumes, channels x depth x height x width, but
          //   its input is 24, a vector of features.
          //   input 3x2x2x2
          //   flat @Flatten -> 24
          //   > pool @MaxPool3d(kernel = 2)
          //   Put it before the layer that flattens.
          @MaxPool3d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void anImageIsNoVolume() {
    assertDiagnostics(
        """
        @Network(input = {3, 12, 9})
        interface Net {
          // expect@"@MaxPool3d" [MaxPool3dRank] but its input is 3x12x9, which has 3 axes.
          //   input 3x12x9
          //   > pool @MaxPool3d(kernel = 2)
          //   Use @MaxPool2d.
          @MaxPool3d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void theKernelMustFit() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 5, 5})
        interface Net {
          // expect@"6" [MaxPool3dKernel] @MaxPool3d on pool: the kernel covers 6x6x6, but its input 3x5x5x5 is
          //   only 5x5x5.
          //   input 3x5x5x5
          //   > pool @MaxPool3d(kernel = 6)
          //   Use a kernel of at most 5x5x5.
          @MaxPool3d(kernel = 6) Layer pool();
        }
        """);
  }

  @Test
  void thePaddedInputMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {1, 1, 1, 1})
        interface Net {
          // expect@"2000" [MaxPool3dSize] the kernel 2000x2000x2000 is too large: it holds at most 2147483647
          //   elements.
          @MaxPool3d(kernel = 2000, padding = 1000) Layer pool();
        }
        """);
  }

  @Test
  void dilationMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"0" [MaxPool3dRange] @MaxPool3d on pool: dilation must be at least 1, but is 0.
          @MaxPool3d(kernel = 3, dilation = 0) Layer pool();
        }
        """);
  }

  @Test
  void noWindowMaySeeOnlyPadding() {
    assertDiagnostics(
        """
        @Network(input = {3, 1, 4, 6})
        interface Net {
          // expect@"5" [MaxPool3dEmptyWindow] with dilation 5x5x5 and padding 3x3x3, a window sees nothing of its
          //   input 3x1x4x6 but padding.
          //   input 3x1x4x6
          //   > pool @MaxPool3d(kernel = 2, stride = 1, padding = 3, dilation = 5)
          //   Use a smaller dilation or no padding.
          @MaxPool3d(kernel = 2, stride = 1, padding = 3, dilation = 5) Layer pool();
        }
        """);
  }
}
