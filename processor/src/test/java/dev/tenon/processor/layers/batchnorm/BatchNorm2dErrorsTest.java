package dev.tenon.processor.layers.batchnorm;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @BatchNorm2d} says about mistakes. */
final class BatchNorm2dErrorsTest {
  @Test
  void sizeMustNotBeNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@"-1" [BatchNorm2dRange] @BatchNorm2d on bn: channels must be at least 1, but is -1. Leave it out
          @BatchNorm2d(channels = -1) BatchNorm bn();
        }
        """);
  }

  @Test
  void zeroMeansLeftOut() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          @BatchNorm2d(channels = 0) BatchNorm bn();
        }
        """);
  }

  @Test
  void epsMustNotBeNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@"-1e-5" [BatchNorm2dEps] @BatchNorm2d on bn: eps must be finite and at least 0, but is -1.0E-5.
          @BatchNorm2d(eps = -1e-5) BatchNorm bn();
        }
        """);
  }

  @Test
  void epsMustBeFinite() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@".NaN" [BatchNorm2dEps] @BatchNorm2d on bn: eps must be finite and at least 0, but is NaN.
          @BatchNorm2d(eps = Double.NaN) BatchNorm bn();
          // expect@".POSITIVE" [BatchNorm2dEps] @BatchNorm2d on bn2: eps must be finite and at least 0, but is Infinity.
          @BatchNorm2d(eps = Double.POSITIVE_INFINITY) BatchNorm bn2();
        }
        """);
  }

  @Test
  void epsMayBeZero() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          @BatchNorm2d(eps = 0) BatchNorm bn();
        }
        """);
  }

  @Test
  void momentumIsAWeight() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@"1.5" [BatchNorm2dMomentum] @BatchNorm2d on bn: momentum must lie between 0 and 1, but is 1.5.
          @BatchNorm2d(momentum = 1.5) BatchNorm bn();
          // expect@"-0.1" [BatchNorm2dMomentum] momentum must lie between 0 and 1, but is -0.1.
          @BatchNorm2d(momentum = -0.1) BatchNorm bn2();
          // expect@".NaN" [BatchNorm2dMomentum] momentum must lie between 0 and 1, but is NaN.
          @BatchNorm2d(momentum = Double.NaN) BatchNorm bn3();
        }
        """);
  }

  @Test
  void momentumOfTheOtherConventionIsAWarning() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@"0.9" [BatchNorm2dMomentumConvention] @BatchNorm2d on bn: momentum = 0.9 is the weight of the
          //   new batch in the running statistics. If it is meant as the weight of the old value, as in
          //   new = decay * old + ..., set momentum = 0.1.
          @BatchNorm2d(momentum = 0.9) BatchNorm bn();
          @BatchNorm2d(momentum = 0.49) BatchNorm bn2();
        }
        """);
  }

  @Test
  void theWarningCanBeSwitchedOffByItsId() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          @SuppressWarnings("BatchNorm2dMomentumConvention")
          @BatchNorm2d(momentum = 0.9) BatchNorm bn();
        }
        """);
  }

  @Test
  void cumulativeHasNoMomentum() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@"0.2" [BatchNorm2dCumulative] @BatchNorm2d on bn: momentum = 0.2 has no meaning with
          //   cumulative = true, which weights all batches alike. Leave out momentum, or cumulative = true.
          @BatchNorm2d(momentum = 0.2, cumulative = true) BatchNorm bn();
        }
        """);
  }

  @Test
  void biasNeedsAffine() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@"true" [BatchNorm2dBias] @BatchNorm2d on bn: bias = true, but affine = false: without a scale
          //   there is no shift. Leave out bias, or affine = false.
          @BatchNorm2d(affine = false, bias = true) BatchNorm bn();
          @BatchNorm2d(affine = false, bias = false) BatchNorm bn2();
        }
        """);
  }

  @Test
  void channelsMustMatchTheInput() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@"16" [BatchNorm2dChannels] @BatchNorm2d on bn: channels = 16, but its input has 4 channels.
          //   input 4x5x5
          //   > bn @BatchNorm2d(channels = 16)
          //   Set channels = 4 here.
          @BatchNorm2d(channels = 16) BatchNorm bn();
        }
        """);
  }

  @Test
  void channelsMustMatchEvenWithoutState() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@"3" [BatchNorm2dChannels] @BatchNorm2d on bn: channels = 3, but its input has 4 channels.
          @BatchNorm2d(channels = 3, affine = false, trackRunningStats = false) BatchNorm bn();
        }
        """);
  }

  @Test
  void theWrongRankNamesTheRightAnnotation() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@"@BatchNorm2d" [BatchNorm2dRank] @BatchNorm2d on bn: works on images, channels x height x width,
          //   but its input is 12.
          //   input 12
          //   > bn @BatchNorm2d
          //   Use @BatchNorm1d, or put @Reshape({3, 2, 2}) before it for images of three channels.
          @BatchNorm2d BatchNorm bn();
        }
        """);
  }

  @Test
  void aVolumeIsNoImage() {
    assertDiagnostics(
        """
        @Network(input = {2, 3, 4, 5})
        interface Net {
          // expect@"@BatchNorm2d" [BatchNorm2dRank] works on images, channels x height x width,
          //   but its input is 2x3x4x5.
          //   input 2x3x4x5
          //   > bn @BatchNorm2d
          //   Use @BatchNorm3d.
          @BatchNorm2d BatchNorm bn();
        }
        """);
  }

  @Test
  void freezingNeedsRunningStatistics() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5})
        interface Net {
          // expect@"true" [BatchNorm2dFrozen] @BatchNorm2d on bn: frozen = true, but trackRunningStats = false:
          //   a frozen layer normalises by its running statistics, and there are none. Leave out
          //   frozen, or trackRunningStats = false.
          @BatchNorm2d(frozen = true, trackRunningStats = false) BatchNorm bn();
          @BatchNorm2d(frozen = true) BatchNorm bn2();
        }
        """);
  }
}
