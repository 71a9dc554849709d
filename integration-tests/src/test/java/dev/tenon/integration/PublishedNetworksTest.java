package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Networks of other people, declared from their descriptions: they compile, have as many parameters
 * as published, and compute something of the right shape.
 */
class PublishedNetworksTest {
  private static final int HUGE_METHOD = 8_000; // HotSpot compiles none that is larger
  private static final Pattern LAYER = Pattern.compile("Kernels\\d*\\.(\\w+)\\.declare\\(");
  private static final Pattern DECLARED =
      Pattern.compile(
          "static final class (\\w+)|\\.parameter\\(\\s*path \\+ \"[^\"]+\","
              + "\\s*Initializer\\.\\w+\\([^)]*\\),([^)]+)\\)");

  private static final List<String> BLOCKS =
      List.of(
          "DenseLayer",
          "DoubleConv",
          "DownsampleBlock",
          "ExpandedBlock",
          "FirstTemporalBlock",
          "InvertedResidual",
          "ResidualBlock",
          "SeparableBlock",
          "SharedLayer",
          "TemporalBlock",
          "Transition");

  /** Where a count comes from. */
  private enum Source {
    /** What torchvision's documentation says of the weights that it offers. */
    PUBLISHED,
    /** Counted in the same layers, written in PyTorch. */
    PYTORCH
  }

  private record Published(
      String name, int parameters, Source source, List<Integer> input, List<Integer> output) {
    boolean isSmall() {
      return parameters
          < 100_000_000; // a model has a gradient and a buffer as large as its weights
    }
  }

  private static final List<Published> NETWORKS =
      List.of(
          new Published("LeNet5", 61_706, Source.PYTORCH, List.of(1, 32, 32), List.of(10)),
          new Published("LeNet5Modern", 61_706, Source.PYTORCH, List.of(1, 28, 28), List.of(10)),
          new Published(
              "Vgg11Bn", 132_868_840, Source.PUBLISHED, List.of(3, 224, 224), List.of(1000)),
          new Published("Vgg11BnCifar", 9_231_114, Source.PYTORCH, List.of(3, 32, 32), List.of(10)),
          new Published(
              "ResNet18", 11_689_512, Source.PUBLISHED, List.of(3, 224, 224), List.of(1000)),
          new Published(
              "ResNet18Cifar", 11_173_962, Source.PYTORCH, List.of(3, 32, 32), List.of(10)),
          new Published(
              "MobileNetV2", 3_504_872, Source.PUBLISHED, List.of(3, 224, 224), List.of(1000)),
          new Published("DenseNet40", 1_019_722, Source.PYTORCH, List.of(3, 32, 32), List.of(10)),
          new Published("UNet", 1_942_306, Source.PYTORCH, List.of(1, 64, 64), List.of(2, 64, 64)),
          new Published("TemporalNet", 66_510, Source.PYTORCH, List.of(1, 784), List.of(10)),
          new Published("PointNet", 819_624, Source.PYTORCH, List.of(3, 1024), List.of(40)));

  private static CompiledNetwork compiled;

  @BeforeAll
  static void compile() {
    Map<String, String> sources =
        Stream.concat(BLOCKS.stream(), NETWORKS.stream().map(Published::name))
            .collect(
                Collectors.toMap(
                    PublishedNetworksTest::qualified, PublishedNetworksTest::declaration));
    compiled = CompiledNetwork.ofSources(sources, new TenonProcessor());
  }

  private static String qualified(String name) {
    return "networks." + name;
  }

  private static String declaration(String name) {
    String path = "/networks/" + name + ".java";
    try (InputStream in = PublishedNetworksTest.class.getResourceAsStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SingleModel create(Published network) {
    return compiled.create(qualified(network.name()), 1);
  }

  /** Read in the generated code, where no memory is needed for them. */
  @Test
  void parametersAreAsManyAsPublished() {
    assertThat(NETWORKS)
        .allSatisfy(
            network ->
                assertThat(declaredParameters(network.name()))
                    .as("parameters of %s, %s", network.name(), network.source())
                    .isEqualTo(network.parameters()));
  }

  /** The class of each layer declares its parameters, once for all layers like it. */
  private static long declaredParameters(String name) {
    Map<String, Long> ofClass = new HashMap<>();
    compiled.sources().entrySet().stream()
        .filter(source -> source.getKey().matches(qualified(name) + "Kernels\\d*"))
        .forEach(source -> addParameters(source.getValue(), ofClass));
    return LAYER
        .matcher(compiled.sources().get(qualified(name) + "PlainProgram"))
        .results()
        .mapToLong(layer -> ofClass.getOrDefault(layer.group(1), 0L))
        .sum();
  }

  private static void addParameters(String kernels, Map<String, Long> ofClass) {
    String type = "";
    for (MatchResult match : DECLARED.matcher(kernels).results().toList()) {
      if (match.group(1) != null) {
        type = match.group(1);
      } else {
        long size =
            Arrays.stream(match.group(2).split(",", -1))
                .mapToLong(dim -> Long.parseLong(dim.strip()))
                .reduce(1, (a, b) -> a * b);
        ofClass.merge(type, size, Long::sum);
      }
    }
  }

  @Test
  void modelsPredict() {
    assertThat(NETWORKS.stream().filter(Published::isSmall).toList())
        .hasSize(10)
        .allSatisfy(
            network -> {
              SingleModel model = create(network);
              assertThat(model.parameterCount()).isEqualTo(network.parameters());

              Tensor y = model.predict(image(network.input()));

              assertThat(y.shape())
                  .as(network.name())
                  .containsExactly(
                      Stream.concat(Stream.of(1), network.output().stream())
                          .mapToInt(Integer::intValue)
                          .toArray());
              assertThat(Arrays.stream(y.toDoubleArray()).allMatch(Double::isFinite))
                  .as(network.name())
                  .isTrue();
              assertThat(Arrays.stream(y.toDoubleArray()).distinct().count())
                  .as(network.name())
                  .isGreaterThan(1);
            });
  }

  private static Tensor image(List<Integer> shape) {
    int[] sizes = Stream.concat(Stream.of(1), shape.stream()).mapToInt(size -> size).toArray();
    float[] values = new float[Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 % 101 - 50) / 50f;
    }
    return Tensor.of(values, sizes);
  }

  /** So that weights trained elsewhere can be read. */
  @Test
  void stateHasTorchvisionsNames() {
    Function<String, List<String>> names =
        name ->
            NETWORKS.stream()
                .filter(network -> network.name().equals(name))
                .flatMap(network -> create(network).state().tensors().keySet().stream())
                .toList();
    assertThat(names.apply("ResNet18"))
        .startsWith("conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var")
        .contains(
            "layer1.1.bn2.running_var",
            "layer2.0.downsample.0.weight",
            "layer4.0.downsample.1.bias",
            "layer4.1.conv2.weight")
        .endsWith("fc.weight", "fc.bias");
    assertThat(names.apply("MobileNetV2"))
        .startsWith("features.0.0.weight", "features.0.1.weight")
        .contains(
            "features.1.conv.0.0.weight",
            "features.1.conv.1.weight",
            "features.1.conv.2.bias",
            "features.2.conv.0.0.weight",
            "features.6.conv.1.0.weight",
            "features.10.conv.2.weight",
            "features.17.conv.3.running_mean",
            "features.18.0.weight")
        .endsWith("classifier.1.weight", "classifier.1.bias");
  }

  @Test
  void methodsAreSmallEnoughForHotSpot() {
    compiled
        .classes()
        .forEach(
            (type, bytes) ->
                MethodSizes.of(bytes)
                    .forEach(
                        (method, size) ->
                            assertThat(size)
                                .as("bytes of %s.%s", type, method)
                                .isLessThanOrEqualTo(HUGE_METHOD)));
  }
}
