package dev.tenon.processor.plan.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import org.junit.jupiter.api.Test;

/** What {@code -Atenon.explain=listing} prints of small networks. */
class ListingBackEndTest {
  private static String listing(String network) {
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor()).options("-Atenon.explain=listing").run(network);
    assertThat(compiled.succeeded()).isTrue();
    return compiled.onlyMessage();
  }

  @Test
  void loopsAreInTheWordsOfTheLayer() {
    assertThat(
            listing(
                """
                @Network(input = {4})
                interface Net {
                  @Linear(out = 3) Weighted fc();
                }
                """))
        .contains(
            """
                fc
                    forward: y[n, o] = bias[o] + sum_i x[n, i] * weight[o, i], i < 4, o < 3
                        for n < N, o < 3
                            sum = bias[o]
                            for i < 4
                                sum += input[n, i] * weight[o, i]
                            output[n, o] = sum
            """,
            """
                        for o < 3, i < 4
                            sum = 0
                            for n < N
                                sum += outputGradient[n, o] * input[n, i]
                            weight.gradient[o, i] = sum
            """);
  }

  @Test
  void whatIsJoinedStandsWhereItRuns() {
    assertThat(
            listing(
                """
                @Network(input = {2, 4, 4})
                interface Net {
                  @BatchNorm2d BatchNorm bn();
                  @ReLU Layer relu();
                }
                """))
        .contains(
            """
                    normalise: y = (x - mean) * scale + bias, 2x4x4 a sample
                            then relu: y = max(x, 0), 2x4x4 a sample
                        for n < N, c < 2, y < 4, x < 4
            """);
  }

  @Test
  void bracketsAndConditionsAreWhatTheyMustBe() {
    assertThat(
            listing(
                """
                @Network(input = {2, 4, 4})
                interface Net {
                  @MaxPool2d(kernel = 2) Layer pool();
                  @BatchNorm2d BatchNorm bn();
                }
                """))
        .contains(
            "max(0, sumOfSquares / (batch * 4) - sum / (batch * 4) * (sum / (batch * 4)))",
            "join batchMean, batchVar of all pieces of the batch, unless its statistics are frozen",
            "frozenStatistics, while its statistics are frozen: ");
  }
}
