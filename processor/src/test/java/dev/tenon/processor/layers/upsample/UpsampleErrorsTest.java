package dev.tenon.processor.layers.upsample;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Upsample} says about mistakes. */
final class UpsampleErrorsTest {
  @Test
  void itSaysHowLargeTheOutputIs() {
    assertDiagnostics(
        """
        @Network(input = {2, 4, 4})
        interface Net {
          // expect [UpsampleTarget] @Upsample on up1: says neither how much larger the output is nor how large.
          @Upsample Layer up1();
          // expect@"8" [UpsampleTarget] @Upsample on up2: scale and size both say how large the output is.
          @Upsample(scale = 2, size = 8) Layer up2();
          // One of them goes, so what is wrong with the second is no matter.
          // expect@"{0, -1}" [UpsampleTarget]
          @Upsample(scale = 2, size = {0, -1}) Layer up3();
        }
        """);
  }

  @Test
  void scalesAndSizesArePositive() {
    assertDiagnostics(
        """
        @Network(input = {2, 4, 4})
        interface Net {
          // expect@"0" [UpsampleRange] @Upsample on up1: scale must be positive and finite, but is 0.0.
          @Upsample(scale = 0) Layer up1();
          // expect [UpsampleRange] @Upsample on up2: scale must be positive and finite, but is NaN.
          @Upsample(scale = {1, Double.NaN}) Layer up2();
          // expect [UpsampleRange] @Upsample on up3: size must be at least 1, but is 0.
          @Upsample(size = {3, 0}) Layer up3();
        }
        """);
  }

  @Test
  void oneValueOrTwo() {
    assertDiagnostics(
        """
        @Network(input = {2, 4, 4})
        interface Net {
          // expect [UpsampleValues] @Upsample on up: scale takes one value for height and width, or two, {height, width}, but has 3.
          @Upsample(scale = {2, 2, 2}) Layer up();
        }
        """);
  }

  @Test
  void cornersAreForInterpolation() {
    assertDiagnostics(
        """
        @Network(input = {2, 4, 4})
        interface Net {
          // expect@"true" [UpsampleCorners] @Upsample on up: alignCorners = true is for interpolation, but mode is NEAREST.
          @Upsample(scale = 2, alignCorners = true) Layer up();
        }
        """);
  }

  @Test
  void itTakesImages() {
    assertDiagnostics(
        """
        @Network(input = {2, 4})
        interface Net {
          // expect [UpsampleRank] @Upsample on up: works on images, channels x height x width, but its input is 2x4, which has 2 axes.
          @Upsample(scale = 2) Layer up();
        }
        """,
        """
        @Network(input = 16)
        interface OfVectors {
          // expect [UpsampleRank] @Upsample on up: works on images, channels x height x width, but its input is 16, a vector of features.
          //   input 16
          //   > up @Upsample(scale = 2.0)
          //   Put @Reshape({1, 4, 4}) before it for images of one channel.
          @Upsample(scale = 2) Layer up();
        }
        """);
  }

  @Test
  void theOutputHasElements() {
    assertDiagnostics(
        """
        @Network(input = {2, 4, 4})
        interface Net {
          // expect [UpsampleSize] @Upsample on up: the output would have 0 elements along the height of its input 2x4x4.
          @Upsample(scale = 0.1) Layer up();
        }
        """);
  }
}
