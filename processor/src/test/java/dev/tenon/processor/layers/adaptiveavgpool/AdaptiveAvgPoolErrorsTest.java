package dev.tenon.processor.layers.adaptiveavgpool;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What the adaptive average pools say about mistakes. */
final class AdaptiveAvgPoolErrorsTest {
  @Test
  void sequences() {
    assertDiagnostics(
        """
        @Network(input = {2, 9})
        interface Net {
          // expect@"0" [AdaptiveAvgPool1dRange] @AdaptiveAvgPool1d on pool: out must be at least 1, but is 0.
          @AdaptiveAvgPool1d(out = 0) Layer pool();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {2, 9, 9})
        interface Net {
          // expect [AdaptiveAvgPool1dRank] @AdaptiveAvgPool1d on pool: works on sequences, channels x length, but its input is 2x9x9, which has 3 axes.
          @AdaptiveAvgPool1d(out = 2) Layer pool();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {1, 65537})
        interface Net {
          // expect [AdaptiveAvgPool1dSize] @AdaptiveAvgPool1d on pool: out = 65536 of 65537 elements is too large: their product is at most 2147483647, unless the first divides the second.
          @AdaptiveAvgPool1d(out = 65536) Layer pool();
        }
        """);
  }

  @Test
  void images() {
    assertDiagnostics(
        """
        @Network(input = {2, 9, 9})
        interface Net {
          // expect@"0" [AdaptiveAvgPool2dRange] @AdaptiveAvgPool2d on pool: out must be at least 1, but is 0.
          @AdaptiveAvgPool2d(out = 0) Layer pool();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {2, 9})
        interface Net {
          // expect [AdaptiveAvgPool2dRank] @AdaptiveAvgPool2d on pool: works on images, channels x height x width, but its input is 2x9, which has 2 axes.
          @AdaptiveAvgPool2d(out = 2) Layer pool();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {2, 9, 9})
        interface Net {
          // expect [AdaptiveAvgPool2dValues] @AdaptiveAvgPool2d on pool: out takes one value for
          @AdaptiveAvgPool2d(out = {2, 2, 2, 2, 2}) Layer pool();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {1, 1, 65537})
        interface Net {
          // expect [AdaptiveAvgPool2dSize] @AdaptiveAvgPool2d on pool: out = 65536 of 65537 elements is too large: their product is at most 2147483647, unless the first divides the second.
          @AdaptiveAvgPool2d(out = {1, 65536}) Layer pool();
        }
        """);
  }

  @Test
  void volumes() {
    assertDiagnostics(
        """
        @Network(input = {2, 9, 9, 9})
        interface Net {
          // expect@"0" [AdaptiveAvgPool3dRange] @AdaptiveAvgPool3d on pool: out must be at least 1, but is 0.
          @AdaptiveAvgPool3d(out = 0) Layer pool();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {2, 9})
        interface Net {
          // expect [AdaptiveAvgPool3dRank] @AdaptiveAvgPool3d on pool: works on volumes, channels x depth x height x width, but its input is 2x9, which has 2 axes.
          @AdaptiveAvgPool3d(out = 2) Layer pool();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {2, 9, 9, 9})
        interface Net {
          // expect [AdaptiveAvgPool3dValues] @AdaptiveAvgPool3d on pool: out takes one value for
          @AdaptiveAvgPool3d(out = {2, 2, 2, 2, 2}) Layer pool();
        }
        """);
    assertDiagnostics(
        """
        @Network(input = {1, 1, 1, 65537})
        interface Net {
          // expect [AdaptiveAvgPool3dSize] @AdaptiveAvgPool3d on pool: out = 65536 of 65537 elements is too large: their product is at most 2147483647, unless the first divides the second.
          @AdaptiveAvgPool3d(out = {1, 1, 65536}) Layer pool();
        }
        """);
  }
}
