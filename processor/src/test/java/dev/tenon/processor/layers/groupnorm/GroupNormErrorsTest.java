package dev.tenon.processor.layers.groupnorm;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @GroupNorm} says about mistakes. */
final class GroupNormErrorsTest {
  @Test
  void groupsMustBePositive() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"0" [GroupNormRange] @GroupNorm on gn: groups must be at least 1, but is 0.
          @GroupNorm(groups = 0) Norm gn();
        }
        """);
  }

  @Test
  void channelsMustNotBeNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"-4" [GroupNormRange] @GroupNorm on gn: channels must be at least 1, but is -4. Leave it out
          @GroupNorm(groups = 2, channels = -4) Norm gn();
          @GroupNorm(groups = 2, channels = 0) Norm gn2();
        }
        """);
  }

  @Test
  void epsMustBeFiniteAndNotNegative() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"-1e-5" [GroupNormEps] @GroupNorm on gn: eps must be finite and at least 0, but is -1.0E-5.
          @GroupNorm(groups = 2, eps = -1e-5) Norm gn();
          // expect@".POSITIVE" [GroupNormEps] @GroupNorm on gn2: eps must be finite and at least 0, but is Infinity.
          @GroupNorm(groups = 2, eps = Double.POSITIVE_INFINITY) Norm gn2();
          @GroupNorm(groups = 2, eps = 0) Norm gn3();
        }
        """);
  }

  @Test
  void biasNeedsAffine() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"true" [GroupNormBias] @GroupNorm on gn: bias = true, but affine = false: without a scale there is
          //   no shift. Leave out bias, or affine = false.
          @GroupNorm(groups = 2, affine = false, bias = true) Norm gn();
          @GroupNorm(groups = 2, affine = false) Norm gn2();
        }
        """);
  }

  @Test
  void channelsMustMatchTheInput() {
    assertDiagnostics(
        """
        @Network(input = {3, 5})
        interface Net {
          @Conv1d(out = 4, kernel = 1) Weighted conv();
          // expect@"16" [GroupNormChannels] @GroupNorm on gn: channels = 16, but its input has 4 channels.
          //   input 3x5
          //   conv @Conv1d(out = 4, kernel = 1) -> 4x5
          //   > gn @GroupNorm(groups = 2, channels = 16)
          //   Set channels = 4 here, or out = 16 on conv.
          @GroupNorm(groups = 2, channels = 16) Norm gn();
        }
        """);
  }

  @Test
  void groupsMustDivideTheChannels() {
    assertDiagnostics(
        """
        @Network(input = {6, 5})
        interface Net {
          // expect@"4" [GroupNormGroups] @GroupNorm on gn: 6 channels cannot be divided into 4 groups of one size.
          //   input 6x5
          //   > gn @GroupNorm(groups = 4)
          //   Use a divisor of 6: 1, 2, 3, 6.
          @GroupNorm(groups = 4) Norm gn();
        }
        """);
  }

  @Test
  void moreGroupsThanChannelsAreTooMany() {
    assertDiagnostics(
        """
        @Network(input = {1, 5})
        interface Net {
          // expect@"2" [GroupNormGroups] @GroupNorm on gn: 1 channel cannot be divided into 2 groups of one size.
          //   input 1x5
          //   > gn @GroupNorm(groups = 2)
          //   Use a divisor of 1: 1.
          @GroupNorm(groups = 2) Norm gn();
        }
        """);
  }

  @Test
  void oneValueHasNoMeanToBeNormalisedBy() {
    assertDiagnostics(
        """
        @Network(input = 6)
        interface Net {
          // expect@"6" [GroupNormValues] @GroupNorm on gn: each of the 6 groups has only one value in a sample of 6:
          //   there is nothing to take a mean of.
          //   input 6
          //   > gn @GroupNorm(groups = 6)
          //   Use fewer groups, or put it where a channel has more than one value.
          @GroupNorm(groups = 6) Norm gn();
        }
        """);
  }

  @Test
  void aSampleOfOneValueHasNoneEither() {
    assertDiagnostics(
        """
        @Network(input = {1, 1, 1})
        interface Net {
          // expect@"1" [GroupNormValues] @GroupNorm on gn: each of the 1 group has only one value in a sample of 1x1x1:
          //   there is nothing to take a mean of.
          //   input 1x1x1
          //   > gn @GroupNorm(groups = 1)
          //   Put it where a sample has more than one value.
          @GroupNorm(groups = 1) Norm gn();
        }
        """);
  }

  @Test
  void onlyGroupsOfOneChannelCancelABias() {
    assertDiagnostics(
        """
        @Network(input = {3, 5})
        interface Net {
          // expect [Conv1dUnusedBias] its bias has no effect in training: gn1 behind it, a @GroupNorm,
          //   subtracts the mean of every channel. Set bias = false.
          @Conv1d(out = 4, kernel = 1) Weighted conv1();
          @GroupNorm(groups = 4) Norm gn1();
          @Conv1d(out = 4, kernel = 1) Weighted conv2();
          @GroupNorm(groups = 2) Norm gn2();
        }
        """);
  }

  @Test
  void itsStateIsShownAsANorm() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect [LayerReturnType] returns Weighted, but the state of a @GroupNorm is shown as Norm.
          @GroupNorm(groups = 2) Weighted gn();
        }
        """);
  }
}
