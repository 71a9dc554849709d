package dev.tenon.processor.layers.add;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Add} says about mistakes. */
final class AddErrorsTest {
  @Test
  void inputsMustHaveOneShape() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Conv2d(out = 16, kernel = 3, padding = 1) Weighted conv1();
          @ReLU Layer relu1();
          @Conv2d(out = 32, kernel = 3, stride = 2, padding = 1) Weighted conv2();
          @ReLU Layer relu2();
          // expect@""relu1"" [AddShapes] @Add on join: relu2 gives 32x4x4 and relu1 gives 16x8x8,
          //   but its inputs must have one shape.
          //   input 3x8x8
          //   conv1 @Conv2d(out = 16, kernel = 3, padding = 1) -> 16x8x8
          //   relu1 @ReLU -> 16x8x8
          //   relu2 is
          //   conv2 @Conv2d(out = 32, kernel = 3, stride = 2, padding = 1) -> 32x4x4
          //   relu2 @ReLU -> 32x4x4
          //   relu1 is above
          //   > join @Add from relu2, relu1
          //   Bring one to the shape of the other, such as by a convolution with kernel = 1 for the
          //   channels and a stride for the sizes; nothing is repeated to make shapes fit.
          @From({"relu2", "relu1"}) @Add Layer join();
          @Flatten Layer flat();
          @Linear(out = 10) Weighted head();
        }
        """);
  }

  @Test
  void aBranchBeginsAtTheInput() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Conv2d(out = 4, kernel = 1) Weighted conv1();
          // expect@".INPUT" [AddShapes] conv1 gives 4x8x8 and the input gives 3x8x8,
          //   but its inputs must have one shape.
          //   input 3x8x8
          //   conv1 is
          //   conv1 @Conv2d(out = 4, kernel = 1) -> 4x8x8
          //   the input is above
          //   > join @Add from conv1, the input
          @From({"conv1", Network.INPUT}) @Add Layer join();
        }
        """);
  }

  /** One mistake is one error: nothing is said about what a wrong layer would have given. */
  @Test
  void behindAWrongLayerNothingIsSaid() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect [Conv2dRange] out must be at least 1
          @Conv2d(out = 0, kernel = 3) Weighted conv1();
          @From({"conv1", Network.INPUT}) @Add Layer join();
        }
        """);
  }
}
