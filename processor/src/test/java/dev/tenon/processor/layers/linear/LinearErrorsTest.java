package dev.tenon.processor.layers.linear;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Linear} says about mistakes. */
final class LinearErrorsTest {
  @Test
  void sizesMustBePositive() {
    assertDiagnostics(
        """
        @Network(input = {7})
        interface Net {
          // expect@"-3" [LinearRange] @Linear on fc: in must be at least 1, but is -3. Leave it out
          // expect@"0" [LinearRange] @Linear on fc: out must be at least 1, but is 0.
          @Linear(in = -3, out = 0) Weighted fc();
        }
        """);
  }

  @Test
  void inMustMatchTheFeatures() {
    assertDiagnostics(
        """
        @Network(input = {7})
        interface Net {
          // expect@"5" [LinearIn] @Linear on fc: in = 5, but its input has 7 features.
          //   input 7
          //   > fc @Linear(in = 5, out = 2)
          //   Set in = 7 here.
          @Linear(in = 5, out = 2) Weighted fc();
        }
        """);
  }

  @Test
  void inMustMatchTheLastAxis() {
    assertDiagnostics(
        """
        @Network(input = {16, 5, 6})
        interface Net {
          // expect@"5" [LinearIn] in = 5, but the last axis of its input 16x5x6 has size 6.
          //   input 16x5x6
          //   > fc @Linear(in = 5, out = 2)
          //   Set in = 6 here, or put @Flatten before it and set in = 480.
          @Linear(in = 5, out = 2) Weighted fc();
        }
        """);
  }

  @Test
  void inOfAllValuesNeedsFlatten() {
    assertDiagnostics(
        """
        @Network(input = {16, 5, 5})
        interface Net {
          // expect@"400" [LinearIn] in = 400, but the last axis of its input 16x5x5 has size 5.
          //   input 16x5x5
          //   > fc @Linear(in = 400, out = 2)
          //   Put @Flatten before it: it gives the 400 values of a sample as one axis.
          @Linear(in = 400, out = 2) Weighted fc();
        }
        """);
  }

  @Test
  void severalAxesNeedADecision() {
    assertDiagnostics(
        """
        @Network(input = {16, 5, 5})
        interface Net {
          // expect@"@Linear" [LinearNeedsFlatten] @Linear on fc: works on the last axis alone, size 5,
          //   but its input is 16x5x5 with 400 values.
          //   input 16x5x5
          //   > fc @Linear(out = 2)
          //   Put @Flatten before it to work on all 400 values, or write in = 5 to work on the last axis.
          @Linear(out = 2) Weighted fc();
        }
        """);
  }

  @Test
  void zeroMeansLeftOut() {
    assertDiagnostics(
        """
        @Network(input = {7})
        interface Net {
          @Linear(in = 0, out = 2) Weighted fc();
        }
        """);
  }

  @Test
  void aBiasBeforeABatchNormHasNoEffect() {
    assertDiagnostics(
        """
        @Network(input = {3})
        interface Net {
          // expect@"@Linear" [LinearUnusedBias] @Linear on fc1: its bias has no effect in training:
          //   bn1 behind it, a @BatchNorm1d, subtracts the mean of every channel. Set bias = false.
          @Linear(out = 4) Weighted fc1();
          @BatchNorm1d BatchNorm bn1();
          @Linear(out = 4, bias = false) Weighted fc2();
          @BatchNorm1d BatchNorm bn2();
          @ReLU Layer relu();
        }
        """,
        """
        @Network(input = {3, 5})
        interface Sequences {
          // A bias for each place of the last axis, which is not the axis of the channels.
          @Linear(in = 5, out = 4) Weighted fc1();
          @BatchNorm1d BatchNorm bn1();
        }
        """);
  }

  @Test
  void twoWithoutAnActivationBetween() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          // expect@"@Linear" [LinearWithoutActivation] @Linear on fc1: nothing non-linear stands between it and fc2, a @Linear
          //   too, and one @Linear from 4 to 8 computes what both do: the 16 features between them are no bottleneck.
          //   Put an activation, such as @ReLU, behind fc1, or remove it.
          @Linear(out = 16) Weighted fc1();
          // expect@"@Linear" [LinearWithoutActivation] @Linear on fc2: nothing non-linear stands between it and fc3
          @Linear(out = 8) Weighted fc2();
          @Dropout(p = 0.2) Layer drop();
          @Linear(out = 3) Weighted fc3();
        }
        """);
  }

  @Test
  void twoThatOneCouldNotStandForAreNoMistake() {
    assertDiagnostics(
        """
        @Network(input = 64)
        interface Bottleneck {
          @Linear(out = 8) Weighted down();
          @Linear(out = 64) Weighted up();
        }
        """,
        """
        @Network(input = 4)
        interface ReadTwice {
          @Linear(out = 16) Weighted fc1();
          @Linear(out = 16) Weighted fc2();
          @From({"fc1", "fc2"}) @Add Layer sum();
        }
        """,
        """
        @Network(input = 4)
        interface Shown {
          @Output @Linear(out = 16) Weighted code();
          @Output @Linear(out = 3) Weighted head();
        }
        """,
        """
        @Network(input = 4)
        interface Between {
          @Linear(out = 16) Weighted fc1();
          @Tanh Layer tanh();
          @Linear(out = 3) Weighted head();
        }
        """,
        """
        @Network(input = 4)
        interface Silenced {
          @SuppressWarnings("LinearWithoutActivation")
          @Linear(out = 16) Weighted fc1();
          @Linear(out = 3) Weighted head();
        }
        """);
  }
}
