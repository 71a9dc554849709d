package dev.tenon.processor.layers.batchnorm;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @BatchNorm1d} says about mistakes. */
final class BatchNorm1dErrorsTest {
  @Test
  void sizeMustNotBeNegative() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"-1" [BatchNorm1dRange] @BatchNorm1d on bn: features must be at least 1, but is -1. Leave it out
          @BatchNorm1d(features = -1) BatchNorm bn();
        }
        """);
  }

  @Test
  void zeroMeansLeftOut() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          @BatchNorm1d(features = 0) BatchNorm bn();
        }
        """);
  }

  @Test
  void epsMustNotBeNegative() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"-1e-5" [BatchNorm1dEps] @BatchNorm1d on bn: eps must be finite and at least 0, but is -1.0E-5.
          @BatchNorm1d(eps = -1e-5) BatchNorm bn();
        }
        """);
  }

  @Test
  void epsMustBeFinite() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@".NaN" [BatchNorm1dEps] @BatchNorm1d on bn: eps must be finite and at least 0, but is NaN.
          @BatchNorm1d(eps = Double.NaN) BatchNorm bn();
          // expect@".POSITIVE" [BatchNorm1dEps] @BatchNorm1d on bn2: eps must be finite and at least 0, but is Infinity.
          @BatchNorm1d(eps = Double.POSITIVE_INFINITY) BatchNorm bn2();
        }
        """);
  }

  @Test
  void epsMayBeZero() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          @BatchNorm1d(eps = 0) BatchNorm bn();
        }
        """);
  }

  @Test
  void momentumIsAWeight() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"1.5" [BatchNorm1dMomentum] @BatchNorm1d on bn: momentum must lie between 0 and 1, but is 1.5.
          @BatchNorm1d(momentum = 1.5) BatchNorm bn();
          // expect@"-0.1" [BatchNorm1dMomentum] momentum must lie between 0 and 1, but is -0.1.
          @BatchNorm1d(momentum = -0.1) BatchNorm bn2();
          // expect@".NaN" [BatchNorm1dMomentum] momentum must lie between 0 and 1, but is NaN.
          @BatchNorm1d(momentum = Double.NaN) BatchNorm bn3();
        }
        """);
  }

  @Test
  void momentumOfTheOtherConventionIsAWarning() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"0.9" [BatchNorm1dMomentumConvention] @BatchNorm1d on bn: momentum = 0.9 is the weight of the
          //   new batch in the running statistics. If it is meant as the weight of the old value, as in
          //   new = decay * old + ..., set momentum = 0.1.
          @BatchNorm1d(momentum = 0.9) BatchNorm bn();
          @BatchNorm1d(momentum = 0.49) BatchNorm bn2();
        }
        """);
  }

  @Test
  void theWarningCanBeSwitchedOffByItsId() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          @SuppressWarnings("BatchNorm1dMomentumConvention")
          @BatchNorm1d(momentum = 0.9) BatchNorm bn();
        }
        """);
  }

  @Test
  void cumulativeHasNoMomentum() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"0.2" [BatchNorm1dCumulative] @BatchNorm1d on bn: momentum = 0.2 has no meaning with
          //   cumulative = true, which weights all batches alike. Leave out momentum, or cumulative = true.
          @BatchNorm1d(momentum = 0.2, cumulative = true) BatchNorm bn();
        }
        """);
  }

  @Test
  void biasNeedsAffine() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"true" [BatchNorm1dBias] @BatchNorm1d on bn: bias = true, but affine = false: without a scale
          //   there is no shift. Leave out bias, or affine = false.
          @BatchNorm1d(affine = false, bias = true) BatchNorm bn();
          @BatchNorm1d(affine = false, bias = false) BatchNorm bn2();
        }
        """);
  }

  @Test
  void featuresMustMatchTheInput() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"16" [BatchNorm1dFeatures] @BatchNorm1d on bn: features = 16, but its input has 4 features.
          //   input 4
          //   > bn @BatchNorm1d(features = 16)
          //   Set features = 4 here.
          @BatchNorm1d(features = 16) BatchNorm bn();
        }
        """);
  }

  @Test
  void featuresMustMatchEvenWithoutState() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"3" [BatchNorm1dFeatures] @BatchNorm1d on bn: features = 3, but its input has 4 features.
          @BatchNorm1d(features = 3, affine = false, trackRunningStats = false) BatchNorm bn();
        }
        """);
  }

  @Test
  void theWrongRankNamesTheRightAnnotation() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"@BatchNorm1d" [BatchNorm1dRank] @BatchNorm1d on bn: works on vectors and sequences, features or features x length,
          //   but its input is 3x8x8.
          //   input 3x8x8
          //   > bn @BatchNorm1d
          //   Use @BatchNorm2d.
          @BatchNorm1d BatchNorm bn();
        }
        """);
  }

  @Test
  void noAnnotationFitsFourAxes() {
    assertDiagnostics(
        """
        @Network(input = {2, 3, 4, 5})
        interface Net {
          // expect@"@BatchNorm1d" [BatchNorm1dRank] works on vectors and sequences, features or features x length,
          //   but its input is 2x3x4x5.
          @BatchNorm1d BatchNorm bn();
        }
        """);
  }

  @Test
  void freezingNeedsRunningStatistics() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"true" [BatchNorm1dFrozen] @BatchNorm1d on bn: frozen = true, but trackRunningStats = false:
          //   a frozen layer normalises by its running statistics, and there are none. Leave out
          //   frozen, or trackRunningStats = false.
          @BatchNorm1d(frozen = true, trackRunningStats = false) BatchNorm bn();
          @BatchNorm1d(frozen = true) BatchNorm bn2();
        }
        """);
  }

  @Test
  void asTheOutput() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 3, bias = false) Weighted head();
          // expect@"@BatchNorm1d" [BatchNorm1dOutput] @BatchNorm1d on bn: is the network's output, so in training each value
          //   that head gives for a sample is measured by those of the other samples of its batch, and predictions are
          //   not. Remove bn.
          @BatchNorm1d BatchNorm bn();
        }
        """);
  }

  @Test
  void asTheOutputWhereItIsNoMistake() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface ActivationBehind {
          @Linear(out = 3, bias = false) Weighted head();
          @BatchNorm1d BatchNorm bn();
          @ReLU Layer relu();
        }
        """,
        """
        @Network(input = 4)
        interface Alone {
          @BatchNorm1d BatchNorm bn();
        }
        """,
        """
        @Network(input = {3, 8, 8})
        interface Features {
          @Conv2d(out = 3, kernel = 3, bias = false) Weighted conv();
          @BatchNorm2d BatchNorm bn();
        }
        """,
        """
        @Network(input = 4)
        interface Frozen {
          @Linear(out = 3, bias = false) Weighted head();
          @BatchNorm1d(frozen = true) BatchNorm bn();
        }
        """,
        """
        @Network(input = 4)
        interface Silenced {
          @Linear(out = 3, bias = false) Weighted head();
          @SuppressWarnings("BatchNorm1dOutput")
          @BatchNorm1d BatchNorm bn();
        }
        """);
  }
}
