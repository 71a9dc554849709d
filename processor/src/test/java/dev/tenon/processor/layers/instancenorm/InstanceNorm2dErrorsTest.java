package dev.tenon.processor.layers.instancenorm;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @InstanceNorm2d} says about mistakes. */
final class InstanceNorm2dErrorsTest {
  @Test
  void channelsMustNotBeNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 3})
        interface Net {
          // expect@"-1" [InstanceNorm2dRange] @InstanceNorm2d on in: channels must be at least 1, but is -1. Leave it out
          @InstanceNorm2d(channels = -1) InstanceNorm in();
        }
        """);
  }

  @Test
  void epsMustBeFiniteAndNotNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 3})
        interface Net {
          // expect@"-1e-5" [InstanceNorm2dEps] @InstanceNorm2d on in: eps must be finite and at least 0, but is -1.0E-5.
          @InstanceNorm2d(eps = -1e-5) InstanceNorm in();
          // expect@".NaN" [InstanceNorm2dEps] @InstanceNorm2d on in2: eps must be finite and at least 0, but is NaN.
          @InstanceNorm2d(eps = Double.NaN) InstanceNorm in2();
          @InstanceNorm2d(eps = 0) InstanceNorm in3();
        }
        """);
  }

  @Test
  void momentumIsAWeight() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 3})
        interface Net {
          // expect@"1.5" [InstanceNorm2dMomentum] @InstanceNorm2d on in: momentum must lie between 0 and 1, but is 1.5.
          @InstanceNorm2d(trackRunningStats = true, momentum = 1.5) InstanceNorm in();
        }
        """);
  }

  @Test
  void momentumOfTheOtherConventionIsAWarning() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 3})
        interface Net {
          // expect@"0.9" [InstanceNorm2dMomentumConvention] @InstanceNorm2d on in: momentum = 0.9 is the weight of the
          //   new batch in the running statistics. If it is meant as the weight of the old value, as in
          //   new = decay * old + ..., set momentum = 0.1.
          @InstanceNorm2d(trackRunningStats = true, momentum = 0.9) InstanceNorm in();
        }
        """);
  }

  @Test
  void biasNeedsAffine() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 3})
        interface Net {
          // expect@"true" [InstanceNorm2dBias] @InstanceNorm2d on in: bias = true, but affine = false: without a scale
          //   there is no shift. Leave out bias, or set affine = true.
          @InstanceNorm2d(bias = true) InstanceNorm in();
          @InstanceNorm2d(affine = true, bias = true) InstanceNorm in2();
        }
        """);
  }

  @Test
  void freezingNeedsRunningStatistics() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 3})
        interface Net {
          // expect@"true" [InstanceNorm2dFrozen] @InstanceNorm2d on in: frozen = true, but trackRunningStats = false:
          //   a frozen layer normalises by its running statistics, and there are none. Leave out frozen,
          //   or set trackRunningStats = true.
          @InstanceNorm2d(frozen = true) InstanceNorm in();
          @InstanceNorm2d(frozen = true, trackRunningStats = true) InstanceNorm in2();
        }
        """);
  }

  @Test
  void channelsMustMatchTheInputEvenWithoutState() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 3})
        interface Net {
          // expect@"16" [InstanceNorm2dChannels] @InstanceNorm2d on in: channels = 16, but its input has 4 channels.
          //   input 4x5x3
          //   > in @InstanceNorm2d(channels = 16)
          //   Set channels = 4 here.
          @InstanceNorm2d(channels = 16) InstanceNorm in();
        }
        """);
  }

  @Test
  void theConvolutionBeforeMayBeWrongInstead() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 3})
        interface Net {
          @Conv2d(out = 4, kernel = 1, bias = false) Weighted conv();
          // expect@"16" [InstanceNorm2dChannels] channels = 16, but its input has 4 channels.
          //   input 3x5x3
          //   conv @Conv2d(out = 4, kernel = 1, bias = false) -> 4x5x3
          //   > in @InstanceNorm2d(channels = 16)
          //   Set channels = 4 here, or out = 16 on conv.
          @InstanceNorm2d(channels = 16) InstanceNorm in();
        }
        """);
  }

  @Test
  void theWrongRankNamesTheRightAnnotation() {
    assertDiagnostics(
        """
        @Network(input = {2, 3, 4, 5})
        interface Net {
          // expect@"@InstanceNorm2d" [InstanceNorm2dRank] @InstanceNorm2d on in: works on images, channels x height x width,
          //   but its input is 2x3x4x5.
          //   input 2x3x4x5
          //   > in @InstanceNorm2d
          //   Use @InstanceNorm3d.
          @InstanceNorm2d InstanceNorm in();
        }
        """);
  }

  @Test
  void aVectorHasNoPositions() {
    assertDiagnostics(
        """
        @Network(input = 12)
        interface Net {
          // expect@"@InstanceNorm2d" [InstanceNorm2dRank] works on images, channels x height x width, but its input is 12.
          //   input 12
          //   > in @InstanceNorm2d
          //   Use @LayerNorm to normalise the features of each sample together, or put @Reshape({3, 2, 2}) before it for
          //   images of three channels.
          @InstanceNorm2d InstanceNorm in();
        }
        """);
  }

  @Test
  void oneValueHasNoMeanToBeNormalisedBy() {
    assertDiagnostics(
        """
        @Network(input = {4, 1, 1})
        interface Net {
          // expect@"@InstanceNorm2d" [InstanceNorm2dSpatial] @InstanceNorm2d on in: normalises each channel of
          //   each sample over its positions, but its input 4x1x1 has only one: there is nothing to take a mean of.
          //   input 4x1x1
          //   > in @InstanceNorm2d
          //   Put it where a channel has more than one value, or use @BatchNorm2d, which takes the
          //   samples of a batch together.
          @InstanceNorm2d InstanceNorm in();
        }
        """);
  }

  @Test
  void trackingDoesNotHelpASingleValue() {
    assertDiagnostics(
        """
        @Network(input = {4, 1, 1})
        interface Net {
          // expect [InstanceNorm2dSpatial] has only one
          @InstanceNorm2d(trackRunningStats = true, frozen = true) InstanceNorm in();
        }
        """);
  }

  @Test
  void itCancelsABiasBeforeIt() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 3})
        interface Net {
          // expect [Conv2dUnusedBias] its bias has no effect in training: in behind it, a @InstanceNorm2d, subtracts
          //   the mean of every channel. Set bias = false.
          @Conv2d(out = 4, kernel = 1) Weighted conv();
          @InstanceNorm2d InstanceNorm in();
        }
        """);
  }

  @Test
  void itsStateIsNotABatchNorms() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 3})
        interface Net {
          // expect [LayerReturnType] returns BatchNorm, but the state of a @InstanceNorm2d is shown as InstanceNorm.
          @InstanceNorm2d BatchNorm in();
        }
        """);
  }
}
