package dev.tenon.processor.layers.elementwise;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Elementwise} says about mistakes. */
final class ElementwiseErrorsTest {
  @Test
  void theMethodsMustExist() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect [ElementwiseFunction] @Elementwise on act1: function = sine, but java.lang.StrictMath has no
          //   static method double sine(double) that this package may call. Declare it: `static double sine(double x)`, not private.
          @Elementwise(type = StrictMath.class, function = "sine", derivative = "cos") Layer act1();
          // expect [ElementwiseDerivative] @Elementwise on act2: derivative = cosine, but java.lang.StrictMath has no
          @Elementwise(type = StrictMath.class, function = "sin", derivative = "cosine") Layer act2();
        }
        """);
  }

  @Test
  void theMethodsAreOfTheRightKind() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          final class Own {
            private static double hidden(double x) {
              return x;
            }

            double ofAnObject(double x) {
              return x;
            }

            static float single(float x) {
              return x;
            }

            static double right(double x) {
              return x;
            }
          }
          // expect [ElementwiseFunction] that this package may call; it has an inaccessible double hidden(double).
          @Elementwise(type = Own.class, function = "hidden", derivative = "right") Layer act1();
          // expect [ElementwiseFunction] has no static method double ofAnObject(double) that this package may call.
          @Elementwise(type = Own.class, function = "ofAnObject", derivative = "right") Layer act2();
          // expect [ElementwiseDerivative] that this package may call; it has float single(float).
          @Elementwise(type = Own.class, function = "right", derivative = "single") Layer act3();
          @Elementwise(type = Own.class, function = "right", derivative = "right") Layer act4();
        }
        """);
  }
}
