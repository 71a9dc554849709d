package dev.tenon.processor.layers.instancenorm;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @InstanceNorm1d} says about mistakes. */
final class InstanceNorm1dErrorsTest {
  @Test
  void channelsMustNotBeNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"-1" [InstanceNorm1dRange] @InstanceNorm1d on in: channels must be at least 1, but is -1. Leave it out
          @InstanceNorm1d(channels = -1) InstanceNorm in();
        }
        """);
  }

  @Test
  void epsMustBeFiniteAndNotNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"-1e-5" [InstanceNorm1dEps] @InstanceNorm1d on in: eps must be finite and at least 0, but is -1.0E-5.
          @InstanceNorm1d(eps = -1e-5) InstanceNorm in();
          // expect@".NaN" [InstanceNorm1dEps] @InstanceNorm1d on in2: eps must be finite and at least 0, but is NaN.
          @InstanceNorm1d(eps = Double.NaN) InstanceNorm in2();
          @InstanceNorm1d(eps = 0) InstanceNorm in3();
        }
        """);
  }

  @Test
  void momentumIsAWeight() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"1.5" [InstanceNorm1dMomentum] @InstanceNorm1d on in: momentum must lie between 0 and 1, but is 1.5.
          @InstanceNorm1d(trackRunningStats = true, momentum = 1.5) InstanceNorm in();
        }
        """);
  }

  @Test
  void momentumOfTheOtherConventionIsAWarning() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"0.9" [InstanceNorm1dMomentumConvention] @InstanceNorm1d on in: momentum = 0.9 is the weight of the
          //   new batch in the running statistics. If it is meant as the weight of the old value, as in
          //   new = decay * old + ..., set momentum = 0.1.
          @InstanceNorm1d(trackRunningStats = true, momentum = 0.9) InstanceNorm in();
        }
        """);
  }

  @Test
  void biasNeedsAffine() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"true" [InstanceNorm1dBias] @InstanceNorm1d on in: bias = true, but affine = false: without a scale
          //   there is no shift. Leave out bias, or set affine = true.
          @InstanceNorm1d(bias = true) InstanceNorm in();
          @InstanceNorm1d(affine = true, bias = true) InstanceNorm in2();
        }
        """);
  }

  @Test
  void freezingNeedsRunningStatistics() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"true" [InstanceNorm1dFrozen] @InstanceNorm1d on in: frozen = true, but trackRunningStats = false:
          //   a frozen layer normalises by its running statistics, and there are none. Leave out frozen,
          //   or set trackRunningStats = true.
          @InstanceNorm1d(frozen = true) InstanceNorm in();
          @InstanceNorm1d(frozen = true, trackRunningStats = true) InstanceNorm in2();
        }
        """);
  }

  @Test
  void channelsMustMatchTheInputEvenWithoutState() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"16" [InstanceNorm1dChannels] @InstanceNorm1d on in: channels = 16, but its input has 4 channels.
          //   input 4x5
          //   > in @InstanceNorm1d(channels = 16)
          //   Set channels = 4 here.
          @InstanceNorm1d(channels = 16) InstanceNorm in();
        }
        """);
  }

  @Test
  void theConvolutionBeforeMayBeWrongInstead() {
    assertDiagnostics(
        """
        @Network(input = {3, 5})
        interface Net {
          @Conv1d(out = 4, kernel = 1, bias = false) Weighted conv();
          // expect@"16" [InstanceNorm1dChannels] channels = 16, but its input has 4 channels.
          //   input 3x5
          //   conv @Conv1d(out = 4, kernel = 1, bias = false) -> 4x5
          //   > in @InstanceNorm1d(channels = 16)
          //   Set channels = 4 here, or out = 16 on conv.
          @InstanceNorm1d(channels = 16) InstanceNorm in();
        }
        """);
  }

  @Test
  void theWrongRankNamesTheRightAnnotation() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@"@InstanceNorm1d" [InstanceNorm1dRank] @InstanceNorm1d on in: works on sequences, channels x length,
          //   but its input is 4x5x5.
          //   input 4x5x5
          //   > in @InstanceNorm1d
          //   Use @InstanceNorm2d.
          @InstanceNorm1d InstanceNorm in();
        }
        """);
  }

  @Test
  void aVectorHasNoPositions() {
    assertDiagnostics(
        """
        @Network(input = 12)
        interface Net {
          // expect@"@InstanceNorm1d" [InstanceNorm1dRank] works on sequences, channels x length, but its input is 12.
          //   input 12
          //   > in @InstanceNorm1d
          //   Use @LayerNorm to normalise the features of each sample together, or put @Reshape({1, 12}) before it for
          //   sequences of one channel.
          @InstanceNorm1d InstanceNorm in();
        }
        """);
  }

  @Test
  void oneValueHasNoMeanToBeNormalisedBy() {
    assertDiagnostics(
        """
        @Network(input = {4, 1})
        interface Net {
          // expect@"@InstanceNorm1d" [InstanceNorm1dSpatial] @InstanceNorm1d on in: normalises each channel of
          //   each sample over its positions, but its input 4x1 has only one: there is nothing to take a mean of.
          //   input 4x1
          //   > in @InstanceNorm1d
          //   Put it where a channel has more than one value, or use @BatchNorm1d, which takes the
          //   samples of a batch together.
          @InstanceNorm1d InstanceNorm in();
        }
        """);
  }

  @Test
  void trackingDoesNotHelpASingleValue() {
    assertDiagnostics(
        """
        @Network(input = {4, 1})
        interface Net {
          // expect [InstanceNorm1dSpatial] has only one
          @InstanceNorm1d(trackRunningStats = true, frozen = true) InstanceNorm in();
        }
        """);
  }

  @Test
  void itCancelsABiasBeforeIt() {
    assertDiagnostics(
        """
        @Network(input = {3, 5})
        interface Net {
          // expect [Conv1dUnusedBias] its bias has no effect in training: in behind it, a @InstanceNorm1d, subtracts
          //   the mean of every channel. Set bias = false.
          @Conv1d(out = 4, kernel = 1) Weighted conv();
          @InstanceNorm1d InstanceNorm in();
        }
        """);
  }

  @Test
  void itsStateIsNotABatchNorms() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect [LayerReturnType] returns BatchNorm, but the state of a @InstanceNorm1d is shown as InstanceNorm.
          @InstanceNorm1d BatchNorm in();
        }
        """);
  }
}
