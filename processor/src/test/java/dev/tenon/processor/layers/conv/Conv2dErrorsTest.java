package dev.tenon.processor.layers.conv;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Conv2d} says about mistakes. */
final class Conv2dErrorsTest {
  @Test
  void numbersMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"-1" [Conv2dRange] @Conv2d on conv: in must be at least 1, but is -1.
          // expect@"-7" [Conv2dRange] @Conv2d on conv: out must be at least 1, but is -7.
          // expect@"{3, 0}" [Conv2dRange] @Conv2d on conv: kernel must be at least 1, but is 0.
          // expect@"-5" [Conv2dRange] @Conv2d on conv: stride must be at least 1, but is -5.
          // expect@"-2" [Conv2dRange] @Conv2d on conv: padding must be at least 0, or SAME, but is -2.
          // expect@"-4" [Conv2dRange] @Conv2d on conv: dilation must be at least 1, but is -4.
          // expect@"0)" [Conv2dRange] @Conv2d on conv: groups must be at least 1, but is 0.
          @Conv2d(in = -1, out = -7, kernel = {3, 0}, stride = -5, padding = -2, dilation = -4, groups = 0)
          Weighted conv();
        }
        """);
  }

  @Test
  void pairsHaveOneOrTwoValues() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"{}" [Conv2dValues] @Conv2d on conv: kernel takes one value for height and width, or
          //   two, {height, width}, but has 0.
          // expect@"{1, 1, 1}" [Conv2dValues] stride takes one value for height and width, or two,
          //   {height, width}, but has 3.
          // expect@"{0, 0, 0, 0}" [Conv2dValues] padding takes one value for height and width, or two,
          //   {height, width}, but has 4.
          @Conv2d(out = 4, kernel = {}, stride = {1, 1, 1}, padding = {0, 0, 0, 0}) Weighted conv();
        }
        """);
  }

  @Test
  void sameNeedsStrideOne() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@".SAME" [Conv2dSame] @Conv2d on conv: padding = SAME needs stride 1, but stride is
          //   1x2. Leave out stride, or write padding as a number.
          @Conv2d(out = 4, kernel = 3, stride = {1, 2}, padding = Conv2d.SAME) Weighted conv();
        }
        """);
  }

  @Test
  void sameIsForAllAxes() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"{Conv2d.SAME, 1}" [Conv2dSame] SAME goes with all axes or none, but padding is {SAME, 1}.
          //   Write padding = SAME, or a number for each axis.
          @Conv2d(out = 4, kernel = 3, padding = {Conv2d.SAME, 1}) Weighted conv();
        }
        """);
  }

  @Test
  void groupsMustDivideWhatIsWritten() {
    assertDiagnostics(
        """
        @Network(input = {4, 8, 8})
        interface Net {
          // expect@"3" [Conv2dGroups] @Conv2d on conv: groups = 3 does not divide in = 4 and out = 8.
          //   Every group needs equally many channels.
          @Conv2d(in = 4, out = 8, kernel = 3, groups = 3) Weighted conv();
        }
        """);
  }

  @Test
  void groupsMustDivideTheOutput() {
    assertDiagnostics(
        """
        @Network(input = {4, 8, 8})
        interface Net {
          // expect@"2" [Conv2dGroups] @Conv2d on conv: groups = 2 does not divide out = 7.
          @Conv2d(out = 7, kernel = 3, groups = 2) Weighted conv();
        }
        """);
  }

  @Test
  void groupsMustDivideTheInput() {
    assertDiagnostics(
        """
        @Network(input = {4, 8, 8})
        interface Net {
          // expect@"3" [Conv2dGroups] @Conv2d on conv: groups = 3 does not divide the 4 channels of its
          //   input.
          @Conv2d(out = 9, kernel = 3, groups = 3) Weighted conv();
        }
        """);
  }

  @Test
  void aVectorIsNoImage() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@"@Conv2d" [Conv2dRank] @Conv2d on conv: works on images, channels x height x width, but
          //   its input is 12, a vector of features.
          //   input 12
          //   > conv @Conv2d(out = 4, kernel = 3)
          //   Use @Linear for vectors.
          @Conv2d(out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void aSequenceIsNoImage() {
    assertDiagnostics(
        """
        @Network(input = {3, 12})
        interface Net {
          // expect@"@Conv2d" [Conv2dRank] works on images, channels x height x width, but its input is 3x12,
          //   which has 2 axes.
          //   input 3x12
          //   > conv @Conv2d(out = 4, kernel = 3)
          //   Use @Conv1d.
          @Conv2d(out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void aVolumeIsNoImage() {
    assertDiagnostics(
        """
        @Network(input = {3, 6, 8, 8})
        interface Net {
          // expect@"@Conv2d" [Conv2dRank] but its input is 3x6x8x8, which has 4 axes.
          //   input 3x6x8x8
          //   > conv @Conv2d(out = 4, kernel = 3)
          //   Use @Conv3d.
          @Conv2d(out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void inMustMatchTheChannels() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"16" [Conv2dChannels] @Conv2d on conv: in = 16, but its input has 3 channels.
          //   input 3x8x8
          //   > conv @Conv2d(in = 16, out = 4, kernel = 3)
          //   Set in = 3 here.
          @Conv2d(in = 16, out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void theKernelMustFit() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 6})
        interface Net {
          // expect@"7" [Conv2dKernel] @Conv2d on conv: the kernel covers 7x7, but its input 3x5x6 is only
          //   5x6.
          //   input 3x5x6
          //   > conv @Conv2d(out = 4, kernel = 7)
          //   Use a kernel of at most 5x6.
          @Conv2d(out = 4, kernel = 7) Weighted conv();
        }
        """);
  }

  @Test
  void theDilatedKernelMustFitThePaddedInput() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 12})
        interface Net {
          // expect@"3" [Conv2dKernel] the kernel covers 9x9 with its dilation, but its input 3x5x12 is only
          //   7x14 with its padding.
          @Conv2d(out = 4, kernel = 3, dilation = 4, padding = 1) Weighted conv();
        }
        """);
  }

  @Test
  void thePaddedInputMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 5})
        interface Net {
          // expect@"2147483647" [Conv2dSize] the padded input 4294967299x4294967299 is too large: an axis
          //   holds at most 2147483647 elements.
          @Conv2d(out = 4, kernel = 3, padding = 2147483647) Weighted conv();
        }
        """);
  }

  @Test
  void theKernelMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 5})
        interface Net {
          // expect@"100000" [Conv2dSize] the kernel 100000x100000 is too large: it holds at most 2147483647
          //   elements.
          @Conv2d(out = 4, kernel = 100000, padding = 100000) Weighted conv();
        }
        """);
  }

  @Test
  void aBiasBeforeABatchNormHasNoEffect() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"@Conv2d" [Conv2dUnusedBias] @Conv2d on conv1: its bias has no effect in training:
          //   bn1 behind it, a @BatchNorm2d, subtracts the mean of every channel. Set bias = false.
          @Conv2d(out = 4, kernel = 3) Weighted conv1();
          @BatchNorm2d BatchNorm bn1();
          // expect@"true" [Conv2dUnusedBias] @Conv2d on conv2: its bias has no effect in training
          @Conv2d(out = 4, kernel = 3, bias = true) Weighted conv2();
          @BatchNorm2d BatchNorm bn2();
        }
        """);
  }

  @Test
  void aBiasElsewhereIsFine() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Conv2d(out = 4, kernel = 3, bias = false) Weighted conv1();
          @BatchNorm2d BatchNorm bn1();
          // Here the rectifier has a threshold of its own in every channel.
          @Conv2d(out = 4, kernel = 3) Weighted conv2();
          @ReLU Layer relu2();
          @BatchNorm2d BatchNorm bn2();
          // What is frozen does not follow the bias.
          @Conv2d(out = 4, kernel = 1) Weighted conv3();
          @BatchNorm2d(frozen = true) BatchNorm bn3();
          @SuppressWarnings("Conv2dUnusedBias")
          @Conv2d(out = 4, kernel = 1) Weighted conv4();
          @BatchNorm2d BatchNorm bn4();
        }
        """);
  }

  @Test
  void aBorderIsMadeOfTheInput() {
    assertDiagnostics(
        """
        @Network(input = {3, 4, 4})
        interface Net {
          // expect@"4" [Conv2dPadding] @Conv2d on conv1: paddingMode = REFLECT can pad an axis of 4 elements by at
          //   most 3, but the padding of its input 3x4x4 is 4.
          @Conv2d(out = 1, kernel = 3, padding = 4, paddingMode = PaddingMode.REFLECT) Weighted conv1();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {3, 4, 4})
        interface Net {
          @Conv2d(out = 1, kernel = 3, padding = 4, stride = 3, paddingMode = PaddingMode.CIRCULAR) Weighted conv1();
          @Conv2d(out = 1, kernel = 3, padding = 9, paddingMode = PaddingMode.REPLICATE) Weighted conv2();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {3, 4, 4})
        interface Net {
          // expect [Conv2dPadding] paddingMode = CIRCULAR can pad an axis of 4 elements by at most 4
          @Conv2d(out = 1, kernel = 3, padding = 5, paddingMode = PaddingMode.CIRCULAR) Weighted conv1();
        }
        """);
  }

  @Test
  void positionsInThePaddingHaveAnIndexToo() {
    assertDiagnostics(
        """
        @Network(input = {1, 8, 8})
        interface Zeros {
          // expect@"1000000000" [Conv2dSize] @Conv2d on conv1: the windows reach too far beyond the input 1x8x8: with
          //   its padding it is 2000000008x2000000008, and no index above 2147483647 can be computed.
          @Conv2d(out = 1, kernel = 3, padding = 1000000000, stride = 1000000000) Weighted conv1();
        }
        """,
        """
        @Network(input = {1, 8, 8})
        interface Replicated {
          // expect@"65536" [Conv2dSize] @Conv2d on conv1: the padded input 1x131080x131080 is too large: it holds at
          //   most 2147483647 values.
          @Conv2d(out = 1, kernel = 3, padding = 65536, stride = 65536, paddingMode = PaddingMode.REPLICATE)
          Weighted conv1();
        }
        """);
  }
}
