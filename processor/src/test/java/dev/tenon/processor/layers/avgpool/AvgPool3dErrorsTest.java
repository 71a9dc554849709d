package dev.tenon.processor.layers.avgpool;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @AvgPool3d} says about mistakes. */
final class AvgPool3dErrorsTest {
  @Test
  void numbersMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"-3" [AvgPool3dRange] @AvgPool3d on pool: kernel must be at least 1, but is -3.
          // expect@"{1, -5, 1}" [AvgPool3dRange] @AvgPool3d on pool: stride must be at least 1, but is -5.
          // expect@"-2" [AvgPool3dRange] @AvgPool3d on pool: padding must be at least 0, but is -2.
          @AvgPool3d(kernel = -3, stride = {1, -5, 1}, padding = -2) Layer pool();
        }
        """);
  }

  @Test
  void valuesAreOneOrThree() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"{}" [AvgPool3dValues] @AvgPool3d on pool: kernel takes one value for depth, height and
          //   width, or three, {depth, height, width}, but has 0.
          // expect@"{1, 1}" [AvgPool3dValues] stride takes one value for depth, height and width,
          //   or three, {depth, height, width}, but has 2.
          @AvgPool3d(kernel = {}, stride = {1, 1}) Layer pool();
        }
        """);
  }

  @Test
  void paddingIsAtMostHalfTheKernel() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"2" [AvgPool3dPadding] @AvgPool3d on pool: padding = 2 is more than half of what the kernel
          //   covers, 3. Use at most 1.
          @AvgPool3d(kernel = 3, padding = 2) Layer pool();
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
          // expect@"@AvgPool3d" [AvgPool3dRank] @AvgPool3d on pool: works on volumes, channels x depth x height x width, but
          //   its input is 24, a vector of features.
          //   input 3x2x2x2
          //   flat @Flatten -> 24
          //   > pool @AvgPool3d(kernel = 2)
          //   Put it before the layer that flattens.
          @AvgPool3d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void anImageIsNoVolume() {
    assertDiagnostics(
        """
        @Network(input = {3, 12, 9})
        interface Net {
          // expect@"@AvgPool3d" [AvgPool3dRank] but its input is 3x12x9, which has 3 axes.
          //   input 3x12x9
          //   > pool @AvgPool3d(kernel = 2)
          //   Use @AvgPool2d.
          @AvgPool3d(kernel = 2) Layer pool();
        }
        """);
  }

  @Test
  void theKernelMustFit() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 5, 5})
        interface Net {
          // expect@"6" [AvgPool3dKernel] @AvgPool3d on pool: the kernel covers 6x6x6, but its input 3x5x5x5 is
          //   only 5x5x5.
          //   input 3x5x5x5
          //   > pool @AvgPool3d(kernel = 6)
          //   Use a kernel of at most 5x5x5.
          @AvgPool3d(kernel = 6) Layer pool();
        }
        """);
  }

  @Test
  void thePaddedInputMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {1, 1, 1, 1})
        interface Net {
          // expect@"2000" [AvgPool3dSize] the kernel 2000x2000x2000 is too large: it holds at most 2147483647
          //   elements.
          @AvgPool3d(kernel = 2000, padding = 1000) Layer pool();
        }
        """);
  }

  @Test
  void aDivisorIsPositive() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"-4" [AvgPool3dRange] @AvgPool3d on pool: divisorOverride must be at least 1, but is -4.
          //   Leave it out to divide by the size of the window.
          @AvgPool3d(kernel = 2, divisorOverride = -4) Layer pool();
        }
        """);
  }
}
