package dev.tenon.processor.layers.instancenorm;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @InstanceNorm3d} says about mistakes. */
final class InstanceNorm3dErrorsTest {
  @Test
  void channelsMustNotBeNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 2, 5, 3})
        interface Net {
          // expect@"-1" [InstanceNorm3dRange] @InstanceNorm3d on in: channels must be at least 1, but is -1. Leave it out
          @InstanceNorm3d(channels = -1) InstanceNorm in();
        }
        """);
  }

  @Test
  void epsMustBeFiniteAndNotNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 2, 5, 3})
        interface Net {
          // expect@"-1e-5" [InstanceNorm3dEps] @InstanceNorm3d on in: eps must be finite and at least 0, but is -1.0E-5.
          @InstanceNorm3d(eps = -1e-5) InstanceNorm in();
          // expect@".NaN" [InstanceNorm3dEps] @InstanceNorm3d on in2: eps must be finite and at least 0, but is NaN.
          @InstanceNorm3d(eps = Double.NaN) InstanceNorm in2();
          @InstanceNorm3d(eps = 0) InstanceNorm in3();
        }
        """);
  }

  @Test
  void momentumIsAWeight() {
    assertDiagnostics(
        """
        @Network(input = {4, 2, 5, 3})
        interface Net {
          // expect@"1.5" [InstanceNorm3dMomentum] @InstanceNorm3d on in: momentum must lie between 0 and 1, but is 1.5.
          @InstanceNorm3d(trackRunningStats = true, momentum = 1.5) InstanceNorm in();
        }
        """);
  }

  @Test
  void momentumOfTheOtherConventionIsAWarning() {
    assertDiagnostics(
        """
        @Network(input = {4, 2, 5, 3})
        interface Net {
          // expect@"0.9" [InstanceNorm3dMomentumConvention] @InstanceNorm3d on in: momentum = 0.9 is the weight of the
          //   new batch in the running statistics. If it is meant as the weight of the old value, as in
          //   new = decay * old + ..., set momentum = 0.1.
          @InstanceNorm3d(trackRunningStats = true, momentum = 0.9) InstanceNorm in();
        }
        """);
  }

  @Test
  void biasNeedsAffine() {
    assertDiagnostics(
        """
        @Network(input = {4, 2, 5, 3})
        interface Net {
          // expect@"true" [InstanceNorm3dBias] @InstanceNorm3d on in: bias = true, but affine = false: without a scale
          //   there is no shift. Leave out bias, or set affine = true.
          @InstanceNorm3d(bias = true) InstanceNorm in();
          @InstanceNorm3d(affine = true, bias = true) InstanceNorm in2();
        }
        """);
  }

  @Test
  void freezingNeedsRunningStatistics() {
    assertDiagnostics(
        """
        @Network(input = {4, 2, 5, 3})
        interface Net {
          // expect@"true" [InstanceNorm3dFrozen] @InstanceNorm3d on in: frozen = true, but trackRunningStats = false:
          //   a frozen layer normalises by its running statistics, and there are none. Leave out frozen,
          //   or set trackRunningStats = true.
          @InstanceNorm3d(frozen = true) InstanceNorm in();
          @InstanceNorm3d(frozen = true, trackRunningStats = true) InstanceNorm in2();
        }
        """);
  }

  @Test
  void channelsMustMatchTheInputEvenWithoutState() {
    assertDiagnostics(
        """
        @Network(input = {4, 2, 5, 3})
        interface Net {
          // expect@"16" [InstanceNorm3dChannels] @InstanceNorm3d on in: channels = 16, but its input has 4 channels.
          //   input 4x2x5x3
          //   > in @InstanceNorm3d(channels = 16)
          //   Set channels = 4 here.
          @InstanceNorm3d(channels = 16) InstanceNorm in();
        }
        """);
  }

  @Test
  void theConvolutionBeforeMayBeWrongInstead() {
    assertDiagnostics(
        """
        @Network(input = {3, 2, 5, 3})
        interface Net {
          @Conv3d(out = 4, kernel = 1, bias = false) Weighted conv();
          // expect@"16" [InstanceNorm3dChannels] channels = 16, but its input has 4 channels.
          //   input 3x2x5x3
          //   conv @Conv3d(out = 4, kernel = 1, bias = false) -> 4x2x5x3
          //   > in @InstanceNorm3d(channels = 16)
          //   Set channels = 4 here, or out = 16 on conv.
          @InstanceNorm3d(channels = 16) InstanceNorm in();
        }
        """);
  }

  @Test
  void theWrongRankNamesTheRightAnnotation() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"@InstanceNorm3d" [InstanceNorm3dRank] @InstanceNorm3d on in: works on volumes, channels x depth x height x width,
          //   but its input is 4x5.
          //   input 4x5
          //   > in @InstanceNorm3d
          //   Use @InstanceNorm1d.
          @InstanceNorm3d InstanceNorm in();
        }
        """);
  }

  @Test
  void aVectorHasNoPositions() {
    assertDiagnostics(
        """
        @Network(input = 12)
        interface Net {
          // expect@"@InstanceNorm3d" [InstanceNorm3dRank] works on volumes, channels x depth x height x width, but its input is 12.
          //   input 12
          //   > in @InstanceNorm3d
          //   Use @LayerNorm to normalise the features of each sample together, or put @Reshape({channels, depth,
          //   height, width}) before it, with sizes whose product is 12.
          @InstanceNorm3d InstanceNorm in();
        }
        """);
  }

  @Test
  void oneValueHasNoMeanToBeNormalisedBy() {
    assertDiagnostics(
        """
        @Network(input = {4, 1, 1, 1})
        interface Net {
          // expect@"@InstanceNorm3d" [InstanceNorm3dSpatial] @InstanceNorm3d on in: normalises each channel of
          //   each sample over its positions, but its input 4x1x1x1 has only one: there is nothing to take a mean of.
          //   input 4x1x1x1
          //   > in @InstanceNorm3d
          //   Put it where a channel has more than one value, or use @BatchNorm3d, which takes the
          //   samples of a batch together.
          @InstanceNorm3d InstanceNorm in();
        }
        """);
  }

  @Test
  void trackingDoesNotHelpASingleValue() {
    assertDiagnostics(
        """
        @Network(input = {4, 1, 1, 1})
        interface Net {
          // expect [InstanceNorm3dSpatial] has only one
          @InstanceNorm3d(trackRunningStats = true, frozen = true) InstanceNorm in();
        }
        """);
  }

  @Test
  void itCancelsABiasBeforeIt() {
    assertDiagnostics(
        """
        @Network(input = {3, 2, 5, 3})
        interface Net {
          // expect [Conv3dUnusedBias] its bias has no effect in training: in behind it, a @InstanceNorm3d, subtracts
          //   the mean of every channel. Set bias = false.
          @Conv3d(out = 4, kernel = 1) Weighted conv();
          @InstanceNorm3d InstanceNorm in();
        }
        """);
  }

  @Test
  void itsStateIsNotABatchNorms() {
    assertDiagnostics(
        """
        @Network(input = {4, 2, 5, 3})
        interface Net {
          // expect [LayerReturnType] returns BatchNorm, but the state of a @InstanceNorm3d is shown as InstanceNorm.
          @InstanceNorm3d BatchNorm in();
        }
        """);
  }
}
