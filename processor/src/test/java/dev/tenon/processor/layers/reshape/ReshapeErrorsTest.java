package dev.tenon.processor.layers.reshape;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Reshape} says about mistakes. */
final class ReshapeErrorsTest {
  @Test
  void thereIsASize() {
    assertDiagnostics(
        """
        @Network(input = 12)
        interface Net {
          // expect@"{}" [ReshapeEmpty] @Reshape on image: says no size. Write the sizes of a sample without the batch,
          //   such as {3, 32, 32} for channels, height and width.
          @Reshape({}) Layer image();
        }
        """);
  }

  @Test
  void aSampleHasAtMostFourAxes() {
    assertDiagnostics(
        """
        @Network(input = 12)
        interface Net {
          // expect@"1}" [ReshapeAxes] @Reshape on image: has 5 axes, but a sample can have at most 4 besides the batch,
          //   which is not written. Merge some of them.
          @Reshape({12, 1, 1, 1, 1}) Layer image();
        }
        """);
  }

  @Test
  void sizesArePositive() {
    assertDiagnostics(
        """
        @Network(input = 12)
        interface Net {
          // expect@"0" [ReshapeRange] @Reshape on a: a size must be at least 1, or -1 for what the others leave, but one is 0.
          @Reshape(0) Layer a();
          // expect@"0" [ReshapeRange] @Reshape on b: a size must be at least 1, or -1 for what the others leave, but one is 0.
          // expect@"-2" [ReshapeRange] @Reshape on b: a size must be at least 1, or -1 for what the others leave, but one is -2.
          @Reshape({3, 0, -1, -2}) Layer b();
        }
        """);
  }

  @Test
  void oneSizeFollowsFromTheOthers() {
    assertDiagnostics(
        """
        @Network(input = 12)
        interface Net {
          // expect@"-1}" [ReshapeInference] @Reshape on image: -1 stands for what the other sizes leave, so one size can
          //   be -1, but 2 are. Write all sizes but one.
          @Reshape({-1, 3, -1}) Layer image();
        }
        """);
  }

  @Test
  void anArrayHoldsTheValues() {
    assertDiagnostics(
        """
        @Network(input = 12)
        interface Net {
          // expect@"{65536" [ReshapeTooLarge] @Reshape on a: its sizes 65536x65536 make 4294967296 values, but a sample can have
          //   at most 2147483647.
          @Reshape({65536, 65536}) Layer a();
          // expect@"{65536" [ReshapeTooLarge] @Reshape on b: its sizes 65536x32768 make 2147483648 values,
          @Reshape({65536, -1, 32768}) Layer b();
        }
        """,
        """
        @Network(input = 12)
        interface Most {
          // expect [ReshapeValues] make 2147483647 values, but its input has 12.
          @Reshape({2147483647, 1}) Layer a();
        }
        """);
  }

  @Test
  void theNumberOfValuesStays() {
    assertDiagnostics(
        """
        @Network(input = 784)
        interface OneFits {
          // expect@"30" [ReshapeValues] @Reshape on image: its sizes 1x28x30 make 840 values, but its input has 784.
          //   input 784
          //   > image @Reshape({1, 28, 30})
          //   Write {1, 28, 28}.
          @Reshape({1, 28, 30}) Layer image();
        }
        """,
        """
        @Network(input = 784)
        interface ThreeFit {
          // expect@"{2" [ReshapeValues] its sizes 2x28x28 make 1568 values, but its input has 784.
          //   input 784
          //   > image @Reshape({2, 28, 28})
          //   Write {1, 28, 28}, or {2, 14, 28}, or {2, 28, 14}.
          @Reshape({2, 28, 28}) Layer image();
        }
        """,
        """
        @Network(input = {3, 5, 7})
        interface NoneFits {
          // expect@"{2" [ReshapeValues] its sizes 2x2 make 4 values, but its input 3x5x7 has 105.
          //   input 3x5x7
          //   > image @Reshape({2, 2})
          //   Write sizes whose product is 105.
          @Reshape({2, 2}) Layer image();
        }
        """,
        """
        @Network(input = {3, 5, 7})
        interface Alone {
          // expect@"1" [ReshapeValues] its sizes 1 make 1 value, but its input 3x5x7 has 105.
          //   input 3x5x7
          //   > vector @Reshape(1)
          //   Write 105.
          @Reshape(1) Layer vector();
        }
        """);
  }

  @Test
  void theLayerBeforeMayBeTheOneThatIsWrong() {
    assertDiagnostics(
        """
        @Network(input = 16)
        interface Decoder {
          @Linear(out = 100) Weighted fc();
          // expect@"{8" [ReshapeValues] its sizes 8x7x7 make 392 values, but its input has 100.
          //   input 16
          //   fc @Linear(out = 100) -> 100
          //   > image @Reshape({8, 7, 7})
          //   Set out = 392 on fc.
          @Reshape({8, 7, 7}) Layer image();
          @ConvTranspose2d(in = 8, out = 1, kernel = 4, stride = 4) Weighted up();
        }
        """,
        """
        @Network(features = Few.Sample.class)
        interface Few {
          record Sample(float a, float b, float c) {}
          // expect@"{1, 2, 2})" [ReshapeValues] its sizes 1x2x2 make 4 values, but its input has 3.
          //   input 3, the values of Sample
          //   > image @Reshape({1, 2, 2})
          //   Give Sample 4 values.
          @Reshape({1, 2, 2}) Layer image();
          @Conv2d(out = 1, kernel = 2) Weighted conv();
        }
        """);
  }

  @Test
  void whatIsLeftIsAWholeNumber() {
    assertDiagnostics(
        """
        @Network(input = 800)
        interface NoneFits {
          // expect@"-1" [ReshapeRest] @Reshape on image: the sizes besides -1 make 784, which does not divide the 800 values
          //   of its input.
          //   input 800
          //   > image @Reshape({-1, 28, 28})
          //   Write sizes whose product divides 800.
          @Reshape({-1, 28, 28}) Layer image();
        }
        """,
        """
        @Network(input = {3, 28, 28})
        interface OneFits {
          // expect@"-1" [ReshapeRest] the sizes besides -1 make 840, which does not divide the 2352 values of its input 3x28x28.
          //   input 3x28x28
          //   > rows @Reshape({-1, 28, 30})
          //   Write {-1, 28, 28}.
          @Reshape({-1, 28, 30}) Layer rows();
        }
        """,
        """
        @Network(input = 3)
        interface Fewer {
          // expect@"-1" [ReshapeRest] the sizes besides -1 make 4, which does not divide the 3 values of its input.
          //   input 3
          //   > pairs @Reshape({4, -1})
          //   Write {3, -1}.
          @Reshape({4, -1}) Layer pairs();
        }
        """);
  }
}
