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

  /** Overloads, type parameters that are inferred, and what a superclass has, are no matter. */
  @Test
  void checkedExceptionsCannotBePassedOn() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          class Above {
            static double above(double x) { return x; }
          }
          interface Constants {
            static double ofInterface(double x) { return x; }
          }
          final class Own extends Above implements Constants {
            static double checked(double x) throws java.io.IOException { return x; }
            static double unchecked(double x) throws IllegalStateException, StackOverflowError {
              return x;
            }
            static <E extends Exception> double inferred(double x) throws E { return x; }
            static double several(double x) { return x; }
            static double several(double... x) { return x[0]; }
            static Double several(Double x) { return x; }
            static float several(float x) { return x; }
          }
          // expect [ElementwiseFunction] @Elementwise on act1: function = checked, but test.Net.Own.checked throws
          //   java.io.IOException, a checked exception that generated code cannot pass on. Catch it in checked, or
          //   throw an unchecked exception.
          @Elementwise(type = Own.class, function = "checked", derivative = "above") Layer act1();
          // expect [ElementwiseFunction] has no static method double ofInterface(double) that this package may call.
          @Elementwise(type = Own.class, function = "ofInterface", derivative = "above") Layer act2();
          @Elementwise(type = Own.class, function = "unchecked", derivative = "inferred") Layer act3();
          @Elementwise(type = Own.class, function = "several", derivative = "above") Layer act4();
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
