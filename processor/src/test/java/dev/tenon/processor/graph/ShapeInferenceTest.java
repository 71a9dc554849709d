package dev.tenon.processor.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Diagnostic;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Init;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The step infer, with layers made up here: no javac, no real layer. */
class ShapeInferenceTest {
  private static final Problem WRONG = Problem.error("MadeUpWrong");
  private static final Problem ODD = Problem.warning("MadeUpOdd");

  private final Report report = new Report();
  private final List<ConfiguredLayer> layers = new ArrayList<>();

  private record Made(Shape output, List<StateSpec> state) implements BoundLayer {
    @Override
    public void lower(Lowering lowering) {
      throw new AssertionError("infer does not lower");
    }
  }

  private static LayerConfig gives(int... sizes) {
    return (inputs, report) -> Optional.of(new Made(Shape.of(sizes), List.of()));
  }

  private static LayerConfig hasParameters(int rows, int columns) {
    StateSpec weight = StateSpec.parameter("weight", Init.constant(0), rows, columns);
    StateSpec mean = StateSpec.runningStat("running_mean", 0, Integer.MAX_VALUE);
    return (inputs, report) -> Optional.of(new Made(inputs.get(0), List.of(weight, mean)));
  }

  private static LayerConfig fails(String headline, String remedy) {
    return (inputs, report) -> {
      report.add(WRONG, SourceRef.OF_TYPE, headline, remedy);
      return Optional.empty();
    };
  }

  private static LayerConfig passesOn() {
    return (inputs, report) -> Optional.of(new Made(inputs.get(0), List.of()));
  }

  /** Adds a layer; {@code attributes} is name, value, name, value... as written. */
  private void add(String name, LayerConfig config, String annotation, Object... attributes) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      values.put((String) attributes[i], attributes[i + 1]);
    }
    int member = layers.size();
    LayerDeclaration declaration =
        new LayerDeclaration(
            member,
            name,
            new Attributes(
                annotation,
                new SourceRef(member, annotation, ""),
                values,
                List.copyOf(values.keySet())),
            "dev.tenon.runtime.layer.Layer");
    layers.add(new ConfiguredLayer(declaration, StateView.LAYER, Optional.ofNullable(config)));
  }

  private Optional<Network> infer(Integer... input) {
    return inferWith("FLOAT32", input);
  }

  private Optional<Network> inferWith(String precision, Integer... input) {
    NetworkDeclaration network =
        new NetworkDeclaration(
            "test",
            "Net",
            true,
            true,
            new Attributes(
                "Network",
                new SourceRef(SourceRef.TYPE, "Network", ""),
                Map.of("input", List.of(input), "precision", precision),
                List.of("input")),
            layers.stream().map(ConfiguredLayer::declaration).toList());
    return ShapeInference.infer(network, Optional.empty(), layers, report);
  }

  private List<String> texts() {
    return report.diagnostics().stream().map(Diagnostic::text).toList();
  }

  @Test
  void shapesFlowFromLayerToLayer() {
    add("conv1", gives(16, 30, 30), "Conv2d", "out", 16, "kernel", 3);
    add("relu1", passesOn(), "ReLU");
    add("head", gives(10), "Linear", "out", 10);

    Network network = infer(3, 32, 32).orElseThrow();

    assertThat(texts()).isEmpty();
    assertThat(network.real()).isEqualTo(ElementType.FLOAT);
    assertThat(network.input()).isEqualTo(Shape.of(3, 32, 32));
    assertThat(network.output()).isEqualTo(Shape.of(10));
    assertThat(network.nodes())
        .extracting(Node::heading)
        .containsExactly(
            "conv1: @Conv2d(out = 16, kernel = 3), 3x32x32 -> 16x30x30",
            "relu1: @ReLU, 16x30x30 -> 16x30x30",
            "head: @Linear(out = 10), 16x30x30 -> 10");
    assertThat(network.nodes())
        .extracting(Node::inputs)
        .containsExactly(List.of(Network.INPUT), List.of(0), List.of(1));
  }

  @Test
  void precision() {
    add("relu1", passesOn(), "ReLU");
    assertThat(inferWith("FLOAT64", 4).orElseThrow().real()).isEqualTo(ElementType.DOUBLE);
  }

  @Test
  void aMessageCarriesTheChainOfShapes() {
    add("conv1", gives(32, 30, 30), "Conv2d", "out", 32, "kernel", 3);
    add(
        "bn1",
        fails(
            "@BatchNorm2d on bn1: channels = 16, but its input has 32 channels.",
            "Set channels = 32 here, or out = 16 on conv1."),
        "BatchNorm2d",
        "channels",
        16);

    assertThat(infer(3, 32, 32)).isEmpty();

    assertThat(texts())
        .containsExactly(
            """
            [MadeUpWrong] @BatchNorm2d on bn1: channels = 16, but its input has 32 channels.
                input    3x32x32
                conv1    @Conv2d(out = 32, kernel = 3)   -> 32x30x30
              > bn1      @BatchNorm2d(channels = 16)
              Set channels = 32 here, or out = 16 on conv1.\
            """
                .indent(0)
                .stripTrailing());
  }

  @Test
  void columnsAreAsWideAsTheLongestEntry() {
    add("a", gives(32, 30, 30), "Conv2d", "out", 32, "kernel", 3);
    add("anActivation", passesOn(), "ReLU");
    add("b", fails("b is wrong.", ""), "Linear", "out", 2);

    infer(3, 32, 32);

    assertThat(texts())
        .containsExactly(
            """
            [MadeUpWrong] b is wrong.
                input           3x32x32
                a               @Conv2d(out = 32, kernel = 3)   -> 32x30x30
                anActivation    @ReLU                           -> 32x30x30
              > b               @Linear(out = 2)\
            """
                .indent(0)
                .stripTrailing());
  }

  @Test
  void aLongChainIsCutInTheMiddle() {
    for (int i = 1; i <= 18; i++) {
      add("relu" + i, passesOn(), "ReLU");
    }
    add("last", fails("last is wrong.", "Do this."), "Linear", "out", 2);

    infer(4);

    assertThat(texts())
        .containsExactly(
            """
            [MadeUpWrong] last is wrong.
                input     4
                ...       12 layers left out
                relu13    @ReLU   -> 4
                relu14    @ReLU   -> 4
                relu15    @ReLU   -> 4
                relu16    @ReLU   -> 4
                relu17    @ReLU   -> 4
                relu18    @ReLU   -> 4
              > last      @Linear(out = 2)
              Do this.\
            """
                .indent(0)
                .stripTrailing());
  }

  @Test
  void oneLayerIsNotWorthALineThatSaysItIsLeftOut() {
    for (int i = 1; i <= 7; i++) {
      add("relu" + i, passesOn(), "ReLU");
    }
    add("last", fails("last is wrong.", ""), "ReLU");

    infer(4);

    assertThat(texts().get(0)).contains("\n    relu1    @ReLU").doesNotContain("left out");
  }

  @Test
  void behindAWrongLayerNothingIsSaid() {
    add("first", fails("first is wrong.", ""), "ReLU");
    add("second", fails("second is wrong.", ""), "ReLU");
    add("third", fails("third is wrong.", ""), "ReLU");

    assertThat(infer(4)).isEmpty();
    assertThat(texts()).hasSize(1).first().asString().contains("first is wrong.");
  }

  @Test
  void behindALayerWithoutConfigurationNothingIsSaid() {
    add("first", null, "ReLU");
    add("second", fails("second is wrong.", ""), "ReLU");

    assertThat(infer(4)).isEmpty();
    assertThat(texts()).isEmpty();
  }

  @Test
  void aWarningDoesNotStopTheChain() {
    add(
        "first",
        (inputs, toReport) -> {
          toReport.add(ODD, SourceRef.OF_TYPE, "first is odd.", "");
          return gives(5).bind(inputs, toReport);
        },
        "ReLU");
    add("second", fails("second is wrong.", ""), "ReLU");

    assertThat(infer(4)).isEmpty();
    assertThat(texts())
        .containsExactly(
            """
            [MadeUpOdd] first is odd.
                input    4
              > first    @ReLU\
            """
                .indent(0)
                .stripTrailing(),
            """
            [MadeUpWrong] second is wrong.
                input     4
                first     @ReLU   -> 5
              > second    @ReLU\
            """
                .indent(0)
                .stripTrailing());
  }

  @Test
  void aLayerThatFailedGivesNothingEvenIfItIsThere() {
    add(
        "first",
        (inputs, toReport) -> {
          toReport.add(WRONG, SourceRef.OF_TYPE, "first is wrong.", "");
          return gives(5).bind(inputs, toReport);
        },
        "ReLU");
    add("second", fails("second is wrong.", ""), "ReLU");

    assertThat(infer(4)).isEmpty();
    assertThat(texts()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0       | every size of input must be at least 1, but one is 0.",
        "3 -5 7  | every size of input must be at least 1, but one is -5.",
        "1 2 3 4 5 | input has 5 axes, but can have at most 4."
      })
  void inputThatIsNoShape(String sizes, String message) {
    add("first", fails("first is wrong.", ""), "ReLU");
    Integer[] input =
        List.of(sizes.strip().split(" ")).stream().map(Integer::valueOf).toArray(Integer[]::new);

    assertThat(infer(input)).isEmpty();

    assertThat(texts())
        .containsExactly(
            "[NetworkInput] @Network on Net: "
                + message
                + " Write the shape of one sample without the batch, such as {4} for features or"
                + " {3, 32, 32} for channels, height and width.");
    assertThat(report.diagnostics().get(0).ref())
        .isEqualTo(new SourceRef(SourceRef.TYPE, "Network", "input"));
  }

  @Test
  void inputWithoutAxes() {
    add("relu1", passesOn(), "ReLU");
    assertThat(infer()).isEmpty();
    assertThat(texts().get(0))
        .startsWith("[NetworkInput] @Network on Net: input has no axis, but needs at least 1.");
  }

  @Test
  void inputWithMoreValuesThanAnArray() {
    add("relu1", passesOn(), "ReLU");
    assertThat(infer(2, 32768, 32768)).isEmpty();
    assertThat(texts())
        .containsExactly(
            "[NetworkTooLarge] @Network on Net: its input 2x32768x32768 has 2147483648 values, but"
                + " a sample can have at most 2147483647.");
  }

  @Test
  void inputWithMoreValuesThanALong() {
    add("relu1", passesOn(), "ReLU");
    int most = Integer.MAX_VALUE;
    assertThat(infer(most, most, most, most)).isEmpty();
    assertThat(texts().get(0)).contains("has 21267647892944572736998860269687930881 values");
  }

  @Test
  void theLargestInput() {
    add("relu1", passesOn(), "ReLU");
    assertThat(infer(Integer.MAX_VALUE)).isPresent();
  }

  @Test
  void outputWithMoreValuesThanAnArray() {
    add("conv1", gives(70000, 256, 256), "Conv2d", "out", 70000, "kernel", 1);
    add("second", fails("second is wrong.", ""), "ReLU");

    assertThat(infer(1, 256, 256)).isEmpty();

    assertThat(texts())
        .containsExactly(
            """
            [NetworkTooLarge] @Conv2d on conv1: its output 70000x256x256 has 4587520000 values, \
            but a sample can have at most 2147483647.
                input    1x256x256
              > conv1    @Conv2d(out = 70000, kernel = 1)\
            """
                .indent(0)
                .stripTrailing());
    assertThat(report.diagnostics().get(0).ref()).isEqualTo(new SourceRef(0, "Conv2d", ""));
  }

  @Test
  void overflowInsideALayer() {
    add(
        "up1",
        (inputs, toReport) ->
            Optional.of(new Made(Shape.of(Math.multiplyExact(65536, 65536)), List.of())),
        "Upsample",
        "scale",
        65536);

    assertThat(infer(65536)).isEmpty();

    assertThat(texts().get(0))
        .startsWith(
            "[NetworkTooLarge] @Upsample on up1: behind 65536 it gives or keeps a size above"
                + " 2147483647, the most that a Java array holds.\n    input    65536\n");
  }

  @Test
  void parametersOfOneLayer() {
    add("fc1", hasParameters(100_000, 100_000), "Linear", "out", 100_000);

    assertThat(infer(4)).isPresent();

    assertThat(texts().get(0))
        .startsWith(
            "[NetworkTooLarge] @Linear on fc1: its parameters (weight 100000x100000) are"
                + " 10000000000 values, but a network can have at most 2147483647.\n");
  }

  @Test
  void parametersOfSeveralLayersAreReportedWhereTheyCrossTheLimit() {
    add("fc1", hasParameters(30_000, 30_000), "Linear");
    add("fc2", hasParameters(30_000, 30_000), "Linear");
    add("fc3", hasParameters(30_000, 30_000), "Linear");
    add("fc4", hasParameters(30_000, 30_000), "Linear");

    infer(4);

    assertThat(texts()).hasSize(1);
    assertThat(texts().get(0))
        .startsWith(
            "[NetworkTooLarge] @Linear on fc3: its parameters (weight 30000x30000) bring the"
                + " network's parameters from 1800000000 to 2700000000 values, but a network can"
                + " have at most 2147483647.\n")
        .contains("\n  > fc3");
  }
}
