package dev.tenon.processor.layers.conv;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @ConvTranspose2d} says about mistakes. */
final class ConvTranspose2dErrorsTest {
  @Test
  void numbersAreLargeEnough() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"0" [ConvTranspose2dRange] @ConvTranspose2d on conv1: kernel must be at least 1, but is 0.
          @ConvTranspose2d(out = 4, kernel = 0) Weighted conv1();
          // expect@"-1" [ConvTranspose2dRange] @ConvTranspose2d on conv2: padding must be at least 0, but is -1.
          @ConvTranspose2d(out = 4, kernel = 3, padding = -1) Weighted conv2();
          // expect@"0" [ConvTranspose2dRange] @ConvTranspose2d on conv3: out must be at least 1, but is 0.
          @ConvTranspose2d(out = 0, kernel = 3) Weighted conv3();
        }
        """);
  }

  /** The family has no other layer that could be suggested. */
  @Test
  void sequencesHaveNone() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect [ConvTranspose2dRank] There is no @ConvTranspose for that.
          @ConvTranspose2d(out = 4, kernel = 2) Weighted conv();
        }
        """);
  }

  /** Nor one for three axes. */
  @Test
  void volumesHaveNone() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect [ConvTranspose2dRank] There is no @ConvTranspose for that.
          @ConvTranspose2d(out = 4, kernel = 2) Weighted conv();
        }
        """);
  }

  @Test
  void oneValueOrTwo() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect [ConvTranspose2dValues] stride takes one value for height and width, or two, {height, width}, but has 3.
          @ConvTranspose2d(out = 4, kernel = 3, stride = {1, 2, 3}) Weighted conv();
        }
        """);
  }

  @Test
  void groupsDivideTheChannels() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"2" [ConvTranspose2dGroups] groups = 2 does not divide out = 5. Every group needs equally many channels.
          @ConvTranspose2d(out = 5, kernel = 3, groups = 2) Weighted conv1();
        }
        """);
  }

  @Test
  void groupsDivideTheInput() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"2" [ConvTranspose2dGroups] groups = 2 does not divide the 3 channels of its input.
          @ConvTranspose2d(out = 4, kernel = 3, groups = 2) Weighted conv();
        }
        """);
  }

  @Test
  void outputPaddingIsBelowStrideOrDilation() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"2" [ConvTranspose2dOutputPadding] outputPadding = 2 must be smaller than the larger of stride and dilation, 2.
          @ConvTranspose2d(out = 4, kernel = 3, stride = 2, outputPadding = 2) Weighted conv1();
          @ConvTranspose2d(out = 4, kernel = 3, dilation = 3, outputPadding = 2) Weighted conv2();
          // expect@"1" [ConvTranspose2dOutputPadding] outputPadding = 1 must be smaller than the larger of stride and dilation, 1.
          //   Leave it out: with stride 1 there is only one size that fits.
          @ConvTranspose2d(out = 4, kernel = 3, outputPadding = 1) Weighted conv3();
        }
        """);
  }

  @Test
  void itTakesImages() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect [ConvTranspose2dRank] works on images, channels x height x width, but its input is 12, a vector of features.
          @ConvTranspose2d(out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void channelsAreTheInputs() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"16" [ConvTranspose2dChannels] in = 16, but its input has 3 channels.
          @ConvTranspose2d(in = 16, out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void theOutputHasElements() {
    assertDiagnostics(
        """
        @Network(input = {3, 2, 8})
        interface Net {
          // expect@"2" [ConvTranspose2dSize] the output of its input 3x2x8 would be 0x6.
          @ConvTranspose2d(out = 4, kernel = 3, padding = 2) Weighted conv();
        }
        """);
  }

  @Test
  void aBiasBeforeABatchNormHasNoEffect() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"@ConvTranspose2d" [ConvTranspose2dUnusedBias] its bias has no effect in training: bn behind it
          @ConvTranspose2d(out = 4, kernel = 3) Weighted conv();
          @BatchNorm2d BatchNorm bn();
        }
        """);
  }
}
