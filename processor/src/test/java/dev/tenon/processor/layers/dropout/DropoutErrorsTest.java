package dev.tenon.processor.layers.dropout;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Dropout} and {@code @Dropout2d} say about mistakes. */
final class DropoutErrorsTest {
  @Test
  void pIsAProbability() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@"1.5" [DropoutRange] @Dropout on drop1: p must lie between 0 and 1, but is 1.5.
          @Dropout(p = 1.5) Layer drop1();
          // expect@"-0.1" [DropoutRange] @Dropout on drop2: p must lie between 0 and 1, but is -0.1.
          @Dropout(p = -0.1) Layer drop2();
          // expect@".NaN" [DropoutRange] @Dropout on drop3: p must lie between 0 and 1, but is NaN.
          @Dropout(p = Double.NaN) Layer drop3();
        }
        """);
  }

  @Test
  void theProbabilityOfAChannelToo() {
    assertDiagnostics(
        """
        @Network(input = {2, 3, 3})
        interface Net {
          // expect@"1.5" [Dropout2dRange] @Dropout2d on drop: p must lie between 0 and 1, but is 1.5.
          @Dropout2d(p = 1.5) Layer drop();
        }
        """);
  }

  @Test
  void channelsAreThoseOfImages() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect [Dropout2dRank] @Dropout2d on drop: drops channels of images, channels x height x width,
          //   but its input is 12, a vector of features.
          @Dropout2d Layer drop();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {2, 12})
        interface Net {
          // expect [Dropout2dRank] but its input is 2x12, which has 2 axes.
          @Dropout2d Layer drop();
        }
        """);
  }

  @Test
  void beforeABatchNorm() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 8) Weighted fc1();
          // expect@"@Dropout" [DropoutBeforeNorm] @Dropout on drop: the variance of what it gives in training is at least
          //   1.25 times that in evaluation, where nothing is dropped, and bn behind it, a @BatchNorm1d, evaluates by the
          //   variance of training. Put drop behind bn.
          @Dropout(p = 0.2) Layer drop();
          @ReLU Layer relu();
          @BatchNorm1d BatchNorm bn();
          @ReLU Layer relu2();
          @Linear(out = 2) Weighted head();
        }
        """);
  }

  @Test
  void channelsBeforeABatchNorm() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Conv2d(out = 8, kernel = 3, bias = false) Weighted conv1();
          // expect@"@Dropout2d" [Dropout2dBeforeNorm] is at least 2 times that in evaluation
          @Dropout2d(p = 0.5) Layer drop();
          @BatchNorm2d BatchNorm bn();
          @ReLU Layer relu();
        }
        """);
  }

  @Test
  void whereTheVarianceOfTrainingIsNotUsedNothingIsSaid() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Behind {
          @Linear(out = 8, bias = false) Weighted fc1();
          @BatchNorm1d BatchNorm bn();
          @ReLU Layer relu();
          @Dropout(p = 0.2) Layer drop();
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        @Network(input = 4)
        interface WeightsBetween {
          @Linear(out = 8) Weighted fc1();
          @ReLU Layer relu();
          @Dropout(p = 0.2) Layer drop();
          @Linear(out = 8, bias = false) Weighted fc2();
          @BatchNorm1d BatchNorm bn();
          @ReLU Layer relu2();
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        @Network(input = 4)
        interface OtherNorms {
          @Linear(out = 8) Weighted fc1();
          @Dropout(p = 0.2) Layer drop1();
          @LayerNorm Norm ln();
          @Dropout(p = 0.2) Layer drop2();
          @BatchNorm1d(trackRunningStats = false) BatchNorm byBatch();
          @Dropout(p = 0.2) Layer drop3();
          @BatchNorm1d(frozen = true) BatchNorm frozen();
          @Dropout(p = 0) Layer none();
          @BatchNorm1d BatchNorm bn();
          @ReLU Layer relu();
          @Linear(out = 2) Weighted head();
        }
        """);
  }

  @Test
  void theWarningCanBeSilenced() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface OnTheLayer {
          @SuppressWarnings("DropoutBeforeNorm")
          @Dropout(p = 0.2) Layer drop();
          @BatchNorm1d BatchNorm bn();
        }
        """,
        """
        @SuppressWarnings("DropoutBeforeNorm")
        @Network(input = 4)
        interface OnTheNetwork {
          @Dropout(p = 0.2) Layer drop();
          @BatchNorm1d BatchNorm bn();
        }
        """,
        """
        @SuppressWarnings("DropoutBeforeNorm")
        interface Around {
          @Network(input = 4)
          interface Net {
            @Dropout(p = 0.2) Layer drop();
            @BatchNorm1d BatchNorm bn();
          }
        }
        """);
  }
}
