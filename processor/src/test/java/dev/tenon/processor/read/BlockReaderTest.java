package dev.tenon.processor.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.reference.Networks;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a network with blocks is made of. */
final class BlockReaderTest {
  private static final String BLOCKS =
      """
      import dev.tenon.annotations.*;
      import dev.tenon.runtime.layer.*;
      import java.util.List;

      @Block
      interface Basic {
        int OUT = Block.FIRST;
        int STRIDE = Block.SECOND;
        @Conv2d(out = OUT, kernel = 3, stride = STRIDE, padding = 1, bias = false) Weighted conv1();
        @BatchNorm2d BatchNorm bn1();
        @ReLU Layer relu1();
        @From(Block.INPUT) @Conv2d(out = OUT, kernel = 1, stride = STRIDE) Weighted shortcut();
        @From({"relu1", "shortcut"}) @Add Layer sum();
      }

      @Block
      interface Stage {
        int OUT = Block.FIRST;
        int COUNT = Block.SECOND;
        @Name("0") @Use(value = Basic.class, sizes = {OUT, 2}) Basic first();
        @Name("1") @Use(value = Basic.class, sizes = {2 * OUT - 1, 1}, repeat = COUNT) List<Basic> rest();
        @Conv2d(out = OUT / 2, kernel = 1) Weighted squeeze();
      }

      @Network(input = {3, 8, 8})
      interface Net {
        @Use(value = Stage.class, sizes = {8, 1}) Stage layer1();
        @Name("layer2") @From("layer1") @Use(value = Stage.class, sizes = {6, 2}) Stage another();
        @From({"another", "another"}) @Concat Layer both();
      }
      """;

  private static final Network NETWORK = Networks.of(BLOCKS);

  @Test
  void layersHavePaths() {
    assertThat(NETWORK.nodes())
        .extracting(Network.Node::name)
        .containsExactly(
            "layer1.0.conv1",
            "layer1.0.bn1",
            "layer1.0.relu1",
            "layer1.0.shortcut",
            "layer1.0.sum",
            "layer1.1.conv1",
            "layer1.1.bn1",
            "layer1.1.relu1",
            "layer1.1.shortcut",
            "layer1.1.sum",
            "layer1.squeeze",
            "layer2.0.conv1",
            "layer2.0.bn1",
            "layer2.0.relu1",
            "layer2.0.shortcut",
            "layer2.0.sum",
            "layer2.1.conv1",
            "layer2.1.bn1",
            "layer2.1.relu1",
            "layer2.1.shortcut",
            "layer2.1.sum",
            "layer2.2.conv1",
            "layer2.2.bn1",
            "layer2.2.relu1",
            "layer2.2.shortcut",
            "layer2.2.sum",
            "layer2.squeeze",
            "both");
  }

  @Test
  void sizesAreThoseOfTheUse() {
    assertThat(shapeOf("layer1.0.sum")).isEqualTo("8x4x4");
    assertThat(shapeOf("layer1.1.sum")).isEqualTo("15x4x4");
    assertThat(shapeOf("layer1.squeeze")).isEqualTo("4x4x4");
    assertThat(shapeOf("layer2.0.sum")).isEqualTo("6x2x2");
    assertThat(shapeOf("layer2.2.sum")).isEqualTo("11x2x2");
    assertThat(shapeOf("both")).isEqualTo("6x2x2");
  }

  @Test
  void blocksReadWhatFlowsIn() {
    assertThat(inputsOf("layer1.0.conv1")).containsExactly("the input");
    assertThat(inputsOf("layer1.0.shortcut")).containsExactly("the input");
    assertThat(inputsOf("layer1.1.shortcut")).containsExactly("layer1.0.sum");
    assertThat(inputsOf("layer2.0.conv1")).containsExactly("layer1.squeeze");
    assertThat(inputsOf("layer2.0.shortcut")).containsExactly("layer1.squeeze");
    assertThat(inputsOf("layer2.2.conv1")).containsExactly("layer2.1.sum");
    assertThat(inputsOf("layer2.2.sum")).containsExactly("layer2.2.relu1", "layer2.2.shortcut");
    assertThat(inputsOf("both")).containsExactly("layer2.squeeze", "layer2.squeeze");
  }

  private static String shapeOf(String layer) {
    return node(layer).layer().output().toString();
  }

  private static List<String> inputsOf(String layer) {
    return node(layer).inputs().stream()
        .map(i -> i == Network.INPUT ? "the input" : NETWORK.nodes().get(i).name())
        .toList();
  }

  private static Network.Node node(String layer) {
    return NETWORK.nodes().get(NETWORK.numberOf(layer));
  }

  /** Every size times and divided by small numbers, and with others added. */
  @Test
  void arithmeticOnSizesIsUnderstood() {
    String terms =
        String.join(
            "\n  ",
            IntStream.range(0, 8)
                .mapToObj(
                    i ->
                        "@Linear(out = S%1$d * %2$d) Weighted a%1$d(); @Linear(out = S%1$d / %2$d)"
                                .formatted(i, i + 1)
                            + " Weighted b%1$d(); @Linear(out = %2$d * S%1$d + %2$d - 20) Weighted"
                                .formatted(i, 5 * i + 3)
                            + " c%1$d();".formatted(i))
                .toList());
    String[] names = {"FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH"};
    String sizes =
        String.join(
            "\n  ",
            IntStream.range(0, 8)
                .mapToObj(i -> "int S" + i + " = Block." + names[i] + ";")
                .toList());
    Network network =
        Networks.of(
            "import dev.tenon.annotations.*;\nimport dev.tenon.runtime.layer.*;\n"
                + "@Block\ninterface Terms {\n  "
                + sizes
                + "\n  "
                + terms
                + "\n}\n@Network(input = 4)\ninterface Net {\n"
                + "  @Use(value = Terms.class, sizes = {21, 22, 23, 24, 25, 26, 27, 28}) Terms t();\n}\n");
    for (int i = 0; i < 8; i++) {
      int size = 21 + i;
      int times = 5 * i + 3;
      assertThat(network.nodes().get(3 * i).layer().output().channels()).isEqualTo(size * (i + 1));
      assertThat(network.nodes().get(3 * i + 1).layer().output().channels())
          .isEqualTo(size / (i + 1));
      assertThat(network.nodes().get(3 * i + 2).layer().output().channels())
          .isEqualTo(times * size + times - 20);
    }
  }
}
