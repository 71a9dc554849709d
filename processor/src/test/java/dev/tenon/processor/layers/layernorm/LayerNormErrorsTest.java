package dev.tenon.processor.layers.layernorm;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @LayerNorm} says about mistakes. */
final class LayerNormErrorsTest {
  @Test
  void sizesMustBePositive() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"{4, 0}" [LayerNormRange] @LayerNorm on ln: shape must be at least 1, but is 0.
          @LayerNorm(shape = {4, 0}) Norm ln();
          // expect@"0" [LayerNormRange] @LayerNorm on ln2: shape must be at least 1, but is 0.
          @LayerNorm(shape = 0) Norm ln2();
        }
        """);
  }

  @Test
  void epsMustBeFiniteAndNotNegative() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          // expect@"-1e-5" [LayerNormEps] @LayerNorm on ln: eps must be finite and at least 0, but is -1.0E-5.
          @LayerNorm(eps = -1e-5) Norm ln();
          // expect@".NaN" [LayerNormEps] @LayerNorm on ln2: eps must be finite and at least 0, but is NaN.
          @LayerNorm(eps = Double.NaN) Norm ln2();
          @LayerNorm(eps = 0) Norm ln3();
        }
        """);
  }

  @Test
  void biasNeedsAffine() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          // expect@"true" [LayerNormBias] @LayerNorm on ln: bias = true, but affine = false: without a scale there is
          //   no shift. Leave out bias, or affine = false.
          @LayerNorm(affine = false, bias = true) Norm ln();
        }
        """);
  }

  @Test
  void theShapeMustBeTheFeatures() {
    assertDiagnostics(
        """
        @Network(input = 3)
        interface Net {
          @Linear(out = 12) Weighted fc();
          // expect@"16" [LayerNormShape] @LayerNorm on ln: shape = 16, but its input has 12 features.
          //   input 3
          //   fc @Linear(out = 12) -> 12
          //   > ln @LayerNorm(shape = 16)
          //   Set shape = 12 here, or out = 16 on fc.
          @LayerNorm(shape = 16) Norm ln();
        }
        """);
  }

  @Test
  void theShapeMustBeTheLastAxis() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"4" [LayerNormShape] @LayerNorm on ln: shape = 4, but the last axis of its input 4x5 has size 5.
          //   input 4x5
          //   > ln @LayerNorm(shape = 4)
          //   Set shape = 5 here.
          @LayerNorm(shape = 4) Norm ln();
        }
        """);
  }

  @Test
  void theShapeMustBeTheLastAxes() {
    assertDiagnostics(
        """
        @Network(input = {3, 4, 5})
        interface Net {
          // expect@"{3, 4}" [LayerNormShape] @LayerNorm on ln: shape = {3, 4}, but the last 2 axes of its input 3x4x5
          //   are 4x5.
          //   input 3x4x5
          //   > ln @LayerNorm(shape = {3, 4})
          //   Set shape = {4, 5} here.
          @LayerNorm(shape = {3, 4}) Norm ln();
        }
        """);
  }

  @Test
  void theShapeMustNotHaveMoreAxesThanTheInput() {
    assertDiagnostics(
        """
        @Network(input = {4, 5})
        interface Net {
          // expect@"{1, 4, 5}" [LayerNormShape] @LayerNorm on ln: shape = {1, 4, 5}, but its input 4x5 has only 2 axes.
          //   input 4x5
          //   > ln @LayerNorm(shape = {1, 4, 5})
          //   Set shape = {4, 5} here.
          @LayerNorm(shape = {1, 4, 5}) Norm ln();
        }
        """);
  }

  @Test
  void severalAxesMustBeWritten() {
    assertDiagnostics(
        """
        @Network(input = {3, 4, 5})
        interface Net {
          // expect@"@LayerNorm" [LayerNormAxes] @LayerNorm on ln: its input 3x4x5 has 3 axes, and over how many of the
          //   last of them it normalises must be written.
          //   input 3x4x5
          //   > ln @LayerNorm
          //   Write shape = 5, {4, 5} or {3, 4, 5}.
          @LayerNorm Norm ln();
        }
        """);
  }

  @Test
  void itDoesNotCancelABias() {
    assertDiagnostics(
        """
        @Network(input = 3)
        interface Net {
          @Linear(out = 12) Weighted fc();
          @LayerNorm Norm ln();
        }
        """);
  }

  @Test
  void itsStateIsShownAsANorm() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          // expect [LayerReturnType] returns BatchNorm, but the state of a @LayerNorm is shown as Norm.
          @LayerNorm BatchNorm ln();
        }
        """);
  }
}
