package dev.tenon.processor.layers.softmax;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Softmax} and {@code @LogSoftmax} say about mistakes. */
final class SoftmaxErrorsTest {
  @Test
  void theBatchIsNoAxisOfASlice() {
    assertDiagnostics(
        """
        @Network(input = {3, 4})
        interface Net {
          // expect@"0" [SoftmaxBatch] @Softmax on soft1: axis = 0 is the batch, whose samples are independent of each other.
          @Softmax(axis = 0) Layer soft1();
          // expect@"0" [LogSoftmaxBatch] @LogSoftmax on soft2: axis = 0 is the batch, whose samples are independent of each other.
          @LogSoftmax(axis = 0) Layer soft2();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {3, 4})
        interface Net {
          // expect@"-3" [SoftmaxBatch] @Softmax on soft: axis = -3 is the batch, whose samples are independent of each other.
          @Softmax(axis = -3) Layer soft();
        }
        """);
  }

  @Test
  void theAxisIsOneOfTheInputs() {
    assertDiagnostics(
        """
        @Network(input = {3, 4})
        interface Net {
          @Softmax(axis = 2) Layer soft1();
          @Softmax(axis = -2) Layer soft2();
          // expect@"3" [SoftmaxAxis] @Softmax on soft3: axis = 3, but its input 3x4 has axes 1 to 2 behind the batch.
          @Softmax(axis = 3) Layer soft3();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          // expect@"-3" [LogSoftmaxAxis] @LogSoftmax on soft: axis = -3, but its input 4 has axis 1 behind the batch.
          @LogSoftmax(axis = -3) Layer soft();
        }
        """);
  }

  @Test
  void probabilitiesAsTheOutput() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 3) Weighted head();
          // expect@"@Softmax" [SoftmaxOutput] @Softmax on soft: gives probabilities, but crossEntropy() takes scores
          //   and computes the probabilities itself: it would do so twice. Remove soft, or make it a @LogSoftmax and
          //   train by negativeLogLikelihood().
          @Softmax(axis = 1) Layer soft();
        }
        """,
        """
        @Network(input = {3, 8, 8})
        interface Segmentation {
          @Conv2d(out = 3, kernel = 1) Weighted head();
          // expect@"@Softmax" [SoftmaxOutput] it would do so twice
          @Softmax(axis = 1) Layer soft();
        }
        """);
  }

  @Test
  void probabilitiesThatAreMeantAreNoMistake() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Logarithms {
          @Linear(out = 3) Weighted head();
          @LogSoftmax(axis = 1) Layer soft();
        }
        """,
        """
        @Network(input = 4)
        interface Gate {
          @Linear(out = 4) Weighted scores();
          @Softmax(axis = 1) Layer soft();
          @From({"soft", Network.INPUT}) @Multiply Layer attended();
        }
        """,
        """
        @Network(input = 4)
        interface NoScores {
          @Softmax(axis = 1) Layer soft();
        }
        """,
        """
        @Network(input = 4, labels = Labelled.Shares.class)
        interface Labelled {
          record Shares(float red, float green) {}
          @Linear(out = 2) Weighted head();
          @Softmax(axis = 1) Layer soft();
        }
        """,
        """
        @Network(input = 4)
        interface Silenced {
          @Linear(out = 3) Weighted head();
          @SuppressWarnings("SoftmaxOutput")
          @Softmax(axis = 1) Layer soft();
        }
        """);
  }

  @Test
  void whereTheLabelsSayWhatTheLossIsItIsOneError() {
    assertDiagnostics(
        """
        @Network(input = 4, labels = Net.Kind.class)
        interface Net {
          enum Kind { A, B, C }
          @Linear(out = 3) Weighted head();
          // expect@"@Softmax" [LabelsActivation] gives probabilities
          @Softmax(axis = 1) Layer soft();
        }
        """,
        """
        @Network(input = 4, labels = Squashed.Kind.class)
        interface Squashed {
          enum Kind { A, B, C }
          @Linear(out = 3) Weighted head();
          // expect@"@Sigmoid" [LabelsActivation] gives probabilities
          @Sigmoid Layer sigmoid();
        }
        """);
  }
}
