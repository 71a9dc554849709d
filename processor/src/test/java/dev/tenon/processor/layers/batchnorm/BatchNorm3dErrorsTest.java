package dev.tenon.processor.layers.batchnorm;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @BatchNorm3d} says about mistakes. */
final class BatchNorm3dErrorsTest {
  @Test
  void sizeMustNotBeNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect@"-1" [BatchNorm3dRange] @BatchNorm3d on bn: channels must be at least 1, but is -1. Leave it out
          @BatchNorm3d(channels = -1) BatchNorm bn();
        }
        """);
  }

  @Test
  void zeroMeansLeftOut() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          @BatchNorm3d(channels = 0) BatchNorm bn();
        }
        """);
  }

  @Test
  void epsMustNotBeNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect@"-1e-5" [BatchNorm3dEps] @BatchNorm3d on bn: eps must be finite and at least 0, but is -1.0E-5.
          @BatchNorm3d(eps = -1e-5) BatchNorm bn();
        }
        """);
  }

  @Test
  void epsMustBeFinite() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect@".NaN" [BatchNorm3dEps] @BatchNorm3d on bn: eps must be finite and at least 0, but is NaN.
          @BatchNorm3d(eps = Double.NaN) BatchNorm bn();
          // expect@".POSITIVE" [BatchNorm3dEps] @BatchNorm3d on bn2: eps must be finite and at least 0, but is Infinity.
          @BatchNorm3d(eps = Double.POSITIVE_INFINITY) BatchNorm bn2();
        }
        """);
  }

  @Test
  void epsMayBeZero() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          @BatchNorm3d(eps = 0) BatchNorm bn();
        }
        """);
  }

  @Test
  void momentumIsAWeight() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect@"1.5" [BatchNorm3dMomentum] @BatchNorm3d on bn: momentum must lie between 0 and 1, but is 1.5.
          @BatchNorm3d(momentum = 1.5) BatchNorm bn();
          // expect@"-0.1" [BatchNorm3dMomentum] momentum must lie between 0 and 1, but is -0.1.
          @BatchNorm3d(momentum = -0.1) BatchNorm bn2();
          // expect@".NaN" [BatchNorm3dMomentum] momentum must lie between 0 and 1, but is NaN.
          @BatchNorm3d(momentum = Double.NaN) BatchNorm bn3();
        }
        """);
  }

  @Test
  void momentumOfTheOtherConventionIsAWarning() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect@"0.9" [BatchNorm3dMomentumConvention] @BatchNorm3d on bn: momentum = 0.9 is the weight of the
          //   new batch in the running statistics. If it is meant as the weight of the old value, as in
          //   new = decay * old + ..., set momentum = 0.1.
          @BatchNorm3d(momentum = 0.9) BatchNorm bn();
          @BatchNorm3d(momentum = 0.49) BatchNorm bn2();
        }
        """);
  }

  @Test
  void theWarningCanBeSwitchedOffByItsId() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          @SuppressWarnings("BatchNorm3dMomentumConvention")
          @BatchNorm3d(momentum = 0.9) BatchNorm bn();
        }
        """);
  }

  @Test
  void cumulativeHasNoMomentum() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect@"0.2" [BatchNorm3dCumulative] @BatchNorm3d on bn: momentum = 0.2 has no meaning with
          //   cumulative = true, which weights all batches alike. Leave out momentum, or cumulative = true.
          @BatchNorm3d(momentum = 0.2, cumulative = true) BatchNorm bn();
        }
        """);
  }

  @Test
  void biasNeedsAffine() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect@"true" [BatchNorm3dBias] @BatchNorm3d on bn: bias = true, but affine = false: without a scale
          //   there is no shift. Leave out bias, or affine = false.
          @BatchNorm3d(affine = false, bias = true) BatchNorm bn();
          @BatchNorm3d(affine = false, bias = false) BatchNorm bn2();
        }
        """);
  }

  @Test
  void channelsMustMatchTheInput() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect@"16" [BatchNorm3dChannels] @BatchNorm3d on bn: channels = 16, but its input has 4 channels.
          //   input 4x5x5x5
          //   > bn @BatchNorm3d(channels = 16)
          //   Set channels = 4 here.
          @BatchNorm3d(channels = 16) BatchNorm bn();
        }
        """);
  }

  @Test
  void channelsMustMatchEvenWithoutState() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect@"3" [BatchNorm3dChannels] @BatchNorm3d on bn: channels = 3, but its input has 4 channels.
          @BatchNorm3d(channels = 3, affine = false, trackRunningStats = false) BatchNorm bn();
        }
        """);
  }

  @Test
  void theWrongRankNamesTheRightAnnotation() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@"@BatchNorm3d" [BatchNorm3dRank] @BatchNorm3d on bn: works on volumes, channels x depth x height x width,
          //   but its input is 12.
          //   input 12
          //   > bn @BatchNorm3d
          //   Use @BatchNorm1d, or put @Reshape({channels, depth, height, width}) before it, with
          //   sizes whose product is 12.
          @BatchNorm3d BatchNorm bn();
        }
        """);
  }

  @Test
  void anImageIsNoVolume() {
    assertDiagnostics(
        """
        @Network(input = {2, 3, 4})
        interface Net {
          // expect@"@BatchNorm3d" [BatchNorm3dRank] works on volumes, channels x depth x height x width,
          //   but its input is 2x3x4.
          //   input 2x3x4
          //   > bn @BatchNorm3d
          //   Use @BatchNorm2d.
          @BatchNorm3d BatchNorm bn();
        }
        """);
  }

  @Test
  void freezingNeedsRunningStatistics() {
    assertDiagnostics(
        """
        @Network(input = {4, 5, 5, 5})
        interface Net {
          // expect@"true" [BatchNorm3dFrozen] @BatchNorm3d on bn: frozen = true, but trackRunningStats = false:
          //   a frozen layer normalises by its running statistics, and there are none. Leave out
          //   frozen, or trackRunningStats = false.
          @BatchNorm3d(frozen = true, trackRunningStats = false) BatchNorm bn();
          @BatchNorm3d(frozen = true) BatchNorm bn2();
        }
        """);
  }
}
