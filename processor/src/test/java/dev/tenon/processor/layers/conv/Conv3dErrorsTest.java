package dev.tenon.processor.layers.conv;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Conv3d} says about mistakes. */
final class Conv3dErrorsTest {
  @Test
  void numbersMustBeInRange() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"-1" [Conv3dRange] @Conv3d on conv: in must be at least 1, but is -1.
          // expect@"-7" [Conv3dRange] @Conv3d on conv: out must be at least 1, but is -7.
          // expect@"{3, 0, 3}" [Conv3dRange] @Conv3d on conv: kernel must be at least 1, but is 0.
          // expect@"-5" [Conv3dRange] @Conv3d on conv: stride must be at least 1, but is -5.
          // expect@"-2" [Conv3dRange] @Conv3d on conv: padding must be at least 0, or SAME, but is -2.
          // expect@"-4" [Conv3dRange] @Conv3d on conv: dilation must be at least 1, but is -4.
          // expect@"0)" [Conv3dRange] @Conv3d on conv: groups must be at least 1, but is 0.
          @Conv3d(in = -1, out = -7, kernel = {3, 0, 3}, stride = -5, padding = -2, dilation = -4, groups = 0)
          Weighted conv();
        }
        """);
  }

  @Test
  void valuesAreOneOrThree() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"{}" [Conv3dValues] @Conv3d on conv: kernel takes one value for depth, height and
          //   width, or three, {depth, height, width}, but has 0.
          // expect@"{1, 1}" [Conv3dValues] stride takes one value for depth, height and width,
          //   or three, {depth, height, width}, but has 2.
          // expect@"{0, 0, 0, 0}" [Conv3dValues] padding takes one value for depth, height and width,
          //   or three, {depth, height, width}, but has 4.
          @Conv3d(out = 4, kernel = {}, stride = {1, 1}, padding = {0, 0, 0, 0}) Weighted conv();
        }
        """);
  }

  @Test
  void sameNeedsStrideOne() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@".SAME" [Conv3dSame] @Conv3d on conv: padding = SAME needs stride 1, but stride is
          //   1x2x1. Leave out stride, or write padding as a number.
          @Conv3d(out = 4, kernel = 3, stride = {1, 2, 1}, padding = Conv3d.SAME) Weighted conv();
        }
        """);
  }

  @Test
  void sameIsForAllAxes() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"{Conv3d.SAME, 1, 2}" [Conv3dSame] SAME goes with all axes or none, but padding is {SAME, 1, 2}.
          //   Write padding = SAME, or a number for each axis.
          @Conv3d(out = 4, kernel = 3, padding = {Conv3d.SAME, 1, 2}) Weighted conv();
        }
        """);
  }

  @Test
  void groupsMustDivideWhatIsWritten() {
    assertDiagnostics(
        """
        @Network(input = {4, 8, 8, 8})
        interface Net {
          // expect@"3" [Conv3dGroups] @Conv3d on conv: groups = 3 does not divide in = 4 and out = 8.
          //   Every group needs equally many channels.
          @Conv3d(in = 4, out = 8, kernel = 3, groups = 3) Weighted conv();
        }
        """);
  }

  @Test
  void groupsMustDivideTheOutput() {
    assertDiagnostics(
        """
        @Network(input = {4, 8, 8, 8})
        interface Net {
          // expect@"2" [Conv3dGroups] @Conv3d on conv: groups = 2 does not divide out = 7.
          @Conv3d(out = 7, kernel = 3, groups = 2) Weighted conv();
        }
        """);
  }

  @Test
  void groupsMustDivideTheInput() {
    assertDiagnostics(
        """
        @Network(input = {4, 8, 8, 8})
        interface Net {
          // expect@"3" [Conv3dGroups] @Conv3d on conv: groups = 3 does not divide the 4 channels of its
          //   input.
          @Conv3d(out = 9, kernel = 3, groups = 3) Weighted conv();
        }
        """);
  }

  @Test
  void aVectorIsNoVolume() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@"@Conv3d" [Conv3dRank] @Conv3d on conv: works on volumes, channels x depth x height x width, but
          //   its input is 12, a vector of features.
          //   input 12
          //   > conv @Conv3d(out = 4, kernel = 3)
          //   Use @Linear for vectors.
          @Conv3d(out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void anImageIsNoVolume() {
    assertDiagnostics(
        """
        @Network(input = {3, 12, 9})
        interface Net {
          // expect@"@Conv3d" [Conv3dRank] but its input is 3x12x9, which has 3 axes.
          //   input 3x12x9
          //   > conv @Conv3d(out = 4, kernel = 3)
          //   Use @Conv2d.
          @Conv3d(out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void inMustMatchTheChannels() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"16" [Conv3dChannels] @Conv3d on conv: in = 16, but its input has 3 channels.
          //   input 3x8x8x8
          //   > conv @Conv3d(in = 16, out = 4, kernel = 3)
          //   Set in = 3 here.
          @Conv3d(in = 16, out = 4, kernel = 3) Weighted conv();
        }
        """);
  }

  @Test
  void theKernelMustFit() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 6, 7})
        interface Net {
          // expect@"8" [Conv3dKernel] @Conv3d on conv: the kernel covers 8x8x8, but its input 3x5x6x7 is
          //   only 5x6x7.
          //   input 3x5x6x7
          //   > conv @Conv3d(out = 4, kernel = 8)
          //   Use a kernel of at most 5x6x7.
          @Conv3d(out = 4, kernel = 8) Weighted conv();
        }
        """);
  }

  @Test
  void theDilatedKernelMustFitThePaddedInput() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 12, 9})
        interface Net {
          // expect@"3" [Conv3dKernel] the kernel covers 9x9x9 with its dilation, but its input 3x5x12x9 is
          //   only 7x14x11 with its padding.
          @Conv3d(out = 4, kernel = 3, dilation = 4, padding = 1) Weighted conv();
        }
        """);
  }

  @Test
  void thePaddedInputMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 5, 5})
        interface Net {
          // expect@"2147483647" [Conv3dSize] the padded input 4294967299x4294967299x4294967299 is too large: an axis
          //   holds at most 2147483647 elements.
          @Conv3d(out = 4, kernel = 3, padding = 2147483647) Weighted conv();
        }
        """);
  }

  @Test
  void theKernelMustFitAnInt() {
    assertDiagnostics(
        """
        @Network(input = {3, 5, 5, 5})
        interface Net {
          // expect@"2000" [Conv3dSize] the kernel 2000x2000x2000 is too large: it holds at most 2147483647
          //   elements.
          @Conv3d(out = 4, kernel = 2000, padding = 2000) Weighted conv();
        }
        """);
  }

  @Test
  void aBiasBeforeABatchNormHasNoEffect() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8, 8})
        interface Net {
          // expect@"@Conv3d" [Conv3dUnusedBias] @Conv3d on conv1: its bias has no effect in training:
          //   bn1 behind it, a @BatchNorm3d, subtracts the mean of every channel. Set bias = false.
          @Conv3d(out = 4, kernel = 3) Weighted conv1();
          @BatchNorm3d BatchNorm bn1();
        }
        """);
  }

  @Test
  void aBorderIsMadeOfTheInput() {
    assertDiagnostics(
        """
        @Network(input = {3, 4, 4, 4})
        interface Net {
          // expect@"4" [Conv3dPadding] @Conv3d on conv1: paddingMode = REFLECT can pad an axis of 4 elements by at
          //   most 3, but the padding of its input 3x4x4x4 is 4.
          @Conv3d(out = 1, kernel = 3, padding = 4, paddingMode = PaddingMode.REFLECT) Weighted conv1();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {3, 4, 4, 4})
        interface Net {
          @Conv3d(out = 1, kernel = 3, padding = 4, stride = 3, paddingMode = PaddingMode.CIRCULAR) Weighted conv1();
          @Conv3d(out = 1, kernel = 3, padding = 9, paddingMode = PaddingMode.REPLICATE) Weighted conv2();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {3, 4, 4, 4})
        interface Net {
          // expect [Conv3dPadding] paddingMode = CIRCULAR can pad an axis of 4 elements by at most 4
          @Conv3d(out = 1, kernel = 3, padding = 5, paddingMode = PaddingMode.CIRCULAR) Weighted conv1();
        }
        """);
  }
}
