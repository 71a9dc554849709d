package dev.tenon.processor.layers.globalavgpool;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @GlobalAvgPool} says about mistakes. */
final class GlobalAvgPoolErrorsTest {
  @Test
  void aVectorHasNothingToAverage() {
    assertDiagnostics(
        """
        @Network(input = {12})
        interface Net {
          // expect@"@GlobalAvgPool" [GlobalAvgPoolRank] @GlobalAvgPool on pool: averages each channel over
          //   its other axes, but its input is 12, a vector of features.
          //   input 12
          //   > pool @GlobalAvgPool
          //   Leave it out: the input already has one value per channel.
          @GlobalAvgPool Layer pool();
          @Linear(out = 2) Weighted head();
        }
        """);
  }
}
