package dev.tenon.processor.layers.conv;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Conv1d} says about mistakes. */
final class Conv1dErrorsTest {
  @Test
  void numbersMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8})
        interface Net {
          // expect@"-1" [Conv1dRange] @Conv1d on conv: in must be at least 1, but is -1.
          // expect@"-7" [Conv1dRange] @Conv1d on conv: out must be at least 1, but is -7.
          // expect@"-3" [Conv1dRange] @Conv1d on conv: kernel must be at least 1, but is -3.
          // expect@"-5" [Conv1dRange] @Conv1d on conv: stride must be at least 1, but is -5.
          // expect@"-2" [Conv1dRange] @Conv1d on conv: padding must be at least 0, or SAME, but is -2.
          // expect@"-4" [Conv1dRange] @Conv1d on conv: dilation must be at least 1, but is -4.
          // expect@"0)" [Conv1dRange] @Conv1d on conv: groups must be at least 1, but is 0.
          @Conv1d(in = -1, out = -7, kernel = -3, stride = -5, padding = -2, dilation = -4, groups = 0)
          Weighted conv();
        }
        """);
  }

  @Test
  void sameNeedsStrideOne() {
    assertDiagnostics(
        """
        @Network(input = {3, 8})
        interface Net {
          // expect@".SAME" [Conv1dSame] @Conv1d on conv: padding = SAME needs stride 1, but stride is 2.
          //   Leave out stride, or write padding as a number.
          @Conv1d(out = 4, kernel = 3, stride = 2, padding = Conv1d.SAME) Weighted conv();
        }
        """);
  }

  @Test
  void groupsMustDivideWhatIsWritten() {
    assertDiagnostics(
        """
        @Network(input = {4, 8})
        interface Net {
          // expect@"3" [Conv1dGroups] @Conv1d on conv: groups = 3 does not divide in = 4 and out = 8.
          //   Every group needs equally many channels.
          @Conv1d(in = 4, out = 8, kernel = 5, groups = 3) Weighted conv();
        }
        """);
  }

  @Test
  void groupsMustDivideTheInput() {
    assertDiagnostics(
        """
        @Network(input = {4, 8})
        interface Net {
          // expect@"3" [Conv1dGroups] @Conv1d on conv: groups = 3 does not divide the 4 channels of its
          //   input.
          @Conv1d(out = 9, kernel = 5, groups = 3) Weighted conv();
        }
        """);
  }

  @Test
  void aVectorIsNoSequence() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@"@Conv1d" [Conv1dRank] @Conv1d on conv: works on sequences, channels x length, but its
          //   input is 12, a vector of features.
          //   input 12
          //   > conv @Conv1d(out = 4, kernel = 3)
          //   Put @Reshape({1, 12}) before it for sequences of one channel, or use @Linear for vectors.
          @Conv1d(out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void anImageIsNoSequence() {
    assertDiagnostics(
        """
        @Network(input = {3, 12, 9})
        interface Net {
          // expect@"@Conv1d" [Conv1dRank] but its input is 3x12x9, which has 3 axes.
          //   input 3x12x9
          //   > conv @Conv1d(out = 4, kernel = 3)
          //   Use @Conv2d.
          @Conv1d(out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void inMustMatchTheChannels() {
    assertDiagnostics(
        """
        @Network(input = {3, 8})
        interface Net {
          // expect@"16" [Conv1dChannels] @Conv1d on conv: in = 16, but its input has 3 channels.
          //   input 3x8
          //   > conv @Conv1d(in = 16, out = 4, kernel = 3)
          //   Set in = 3 here.
          @Conv1d(in = 16, out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void theKernelMustFit() {
    assertDiagnostics(
        """
        @Network(input = {3, 5})
        interface Net {
          // expect@"7" [Conv1dKernel] @Conv1d on conv: the kernel covers 7, but its input 3x5 is only 5.
          //   input 3x5
          //   > conv @Conv1d(out = 4, kernel = 7)
          //   Use a kernel of at most 5.
          @Conv1d(out = 4, kernel = 7) Weighted conv();
        }
        """);
  }

  @Test
  void thePaddedInputMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {3, 5})
        interface Net {
          // expect@"2147483647" [Conv1dSize] the padded input 4294967299 is too large: an axis holds at
          //   most 2147483647 elements.
          @Conv1d(out = 4, kernel = 3, padding = 2147483647) Weighted conv();
        }
        """);
  }

  @Test
  void aBiasBeforeABatchNormHasNoEffect() {
    assertDiagnostics(
        """
        @Network(input = {3, 8})
        interface Net {
          // expect@"@Conv1d" [Conv1dUnusedBias] @Conv1d on conv1: its bias has no effect in training:
          //   bn1 behind it, a @BatchNorm1d, subtracts the mean of every channel. Set bias = false.
          @Conv1d(out = 4, kernel = 3) Weighted conv1();
          @BatchNorm1d BatchNorm bn1();
        }
        """);
  }

  @Test
  void aBorderIsMadeOfTheInput() {
    assertDiagnostics(
        """
        @Network(input = {3, 4})
        interface Net {
          // expect@"4" [Conv1dPadding] @Conv1d on conv1: paddingMode = REFLECT can pad an axis of 4 elements by at
          //   most 3, but the padding of its input 3x4 is 4.
          @Conv1d(out = 1, kernel = 3, padding = 4, paddingMode = PaddingMode.REFLECT) Weighted conv1();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {3, 4})
        interface Net {
          @Conv1d(out = 1, kernel = 3, padding = 4, stride = 3, paddingMode = PaddingMode.CIRCULAR) Weighted conv1();
          @Conv1d(out = 1, kernel = 3, padding = 9, paddingMode = PaddingMode.REPLICATE) Weighted conv2();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {3, 4})
        interface Net {
          // expect [Conv1dPadding] paddingMode = CIRCULAR can pad an axis of 4 elements by at most 4
          @Conv1d(out = 1, kernel = 3, padding = 5, paddingMode = PaddingMode.CIRCULAR) Weighted conv1();
        }
        """);
  }
}
