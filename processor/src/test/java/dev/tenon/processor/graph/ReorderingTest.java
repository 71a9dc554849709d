package dev.tenon.processor.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.reference.Networks;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which layers change places; that the numbers stay the same, PlanKeepsResultsTest shows. */
final class ReorderingTest {
  private static final String CONV = "@Conv2d(out = 4, kernel = 3) Weighted conv();";
  private static final String POOL = "@MaxPool2d(kernel = 2) Layer pool();";

  private static Network network(String... layers) {
    return Networks.of("float32", List.of(2, 8, 8), List.of(layers));
  }

  private static Stream<String> headings(Network network) {
    return Reordering.of(network).nodes().stream().map(Network.Node::heading);
  }

  private static Stream<String> names(Network network) {
    return Reordering.of(network).nodes().stream().map(Network.Node::name);
  }

  @Test
  void anActivationRunsOnTheMaxima() {
    Network network = network(CONV, "@ReLU Layer relu();", POOL, "@Flatten Layer flat();");
    assertThat(headings(network))
        .containsExactly(
            "conv: @Conv2d(out = 4, kernel = 3), 2x8x8 -> 4x6x6",
            "pool: @MaxPool2d(kernel = 2), 4x6x6 -> 4x3x3",
            "relu: @ReLU, 4x3x3 -> 4x3x3",
            "flat: @Flatten, 4x3x3 -> 36");
    assertThat(Reordering.of(network).nodes())
        .extracting(Network.Node::inputs)
        .containsExactly(List.of(-1), List.of(0), List.of(1), List.of(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"@ReLU", "@ReLU6", "@Hardtanh"})
  void clampsChangePlaces(String clamp) {
    assertThat(names(network(CONV, clamp + " Layer act();", POOL)))
        .containsExactly("conv", "pool", "act");
  }

  /** Of others, two different values may round to one whose gradient is not 0. */
  @ParameterizedTest
  @ValueSource(strings = {"@Tanh", "@Sigmoid", "@LeakyReLU", "@SiLU", "@Hardswish"})
  void otherActivationsStay(String activation) {
    assertThat(names(network(CONV, activation + " Layer act();", POOL)))
        .containsExactly("conv", "act", "pool");
  }

  @Test
  void anAverageStays() {
    assertThat(names(network(CONV, "@ReLU Layer act();", "@AvgPool2d(kernel = 2) Layer pool();")))
        .containsExactly("conv", "act", "pool");
  }

  @Test
  void whatIsReadTwiceStays() {
    assertThat(
            names(
                network(
                    CONV,
                    "@ReLU Layer relu();",
                    POOL,
                    "@From(\"relu\") @Conv2d(out = 4, kernel = 2, stride = 2) Weighted conv2();",
                    "@From({\"pool\", \"conv2\"}) @Add Layer add();")))
        .containsExactly("conv", "relu", "pool", "conv2", "add");
  }

  @Test
  void anOutputStays() {
    assertThat(
            names(
                network(
                    CONV, "@Output @ReLU Layer relu();", POOL, "@Output @Flatten Layer flat();")))
        .containsExactly("conv", "relu", "pool", "flat");
  }

  @Test
  void thePoolMayReadTheInput() {
    assertThat(names(network("@ReLU Layer relu();", POOL, CONV)))
        .containsExactly("pool", "relu", "conv");
  }
}
