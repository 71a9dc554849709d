package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.code.BytecodeEstimate;
import dev.tenon.processor.code.Method;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.Lowerings;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.Reordering;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.plan.NetworkPlan;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Planner;
import dev.tenon.processor.plan.Routine;
import dev.tenon.processor.render.JavaRenderer;
import dev.tenon.processor.write.GeneratedSource;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.state.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What javac makes of the generated sources, read from the class files: HotSpot never compiles a
 * method of more than 8,000 bytes, and interprets it a hundred times slower.
 */
class BytecodeTest {
  private static final int HUGE_METHOD = 8_000;

  private static final Map<String, Plan> PLANS = new LinkedHashMap<>();
  private static CompiledNetwork compiled;

  @BeforeAll
  static void compile() {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String precision : List.of("FLOAT32", "FLOAT64")) {
      add(sources, "WideLinear", precision, "784", "@Linear(out = 256) Weighted fc();");
      add(
          sources,
          "Conv64",
          precision,
          "64, 32, 32",
          "@Conv2d(out = 64, kernel = 3, padding = 1) Weighted conv();");
      add(
          sources,
          "ConvOptions",
          precision,
          "12, 17, 19",
          "@Conv2d(out = 18, kernel = {5, 3}, stride = {2, 3}, padding = 2, dilation = {1, 2},"
              + " groups = 6) Weighted conv();");
      add(
          sources,
          "Conv11",
          precision,
          "3, 63, 63",
          "@Conv2d(out = 16, kernel = 11, stride = 4, padding = 2) Weighted conv1();",
          "@Conv2d(out = 8, kernel = 11, padding = Conv2d.SAME) Weighted conv2();");
      add(
          sources,
          "Stem",
          precision,
          "3, 64, 64",
          "@Conv2d(out = 64, kernel = 7, stride = 2, padding = 3, bias = false) Weighted conv();",
          "@BatchNorm2d BatchNorm bn();",
          "@ReLU Layer relu();",
          "@MaxPool2d(kernel = 3, stride = 2, padding = 1) Layer pool();");
      add(
          sources,
          "Norms",
          precision,
          "64, 16, 16",
          "@GroupNorm(groups = 8) Norm gn();",
          "@ReLU Layer relu1();",
          "@InstanceNorm2d(affine = true, trackRunningStats = true) InstanceNorm in();",
          "@ReLU Layer relu2();",
          "@LayerNorm(shape = {16, 16}) Norm ln1();",
          "@Flatten Layer flat();",
          "@LayerNorm Norm ln2();",
          "@Linear(out = 784) Weighted fc();",
          "@LayerNorm Norm ln3();",
          "@GroupNorm(groups = 49) Norm gn2();");
      add(
          sources,
          "Pools",
          precision,
          "4, 33, 35",
          "@MaxPool2d(kernel = 7, stride = 2, padding = 3) Layer max1();",
          "@AvgPool2d(kernel = 5, stride = 1, padding = 2, countIncludePad = false) Layer avg1();",
          "@MaxPool2d(kernel = 5, stride = 1, padding = 2) Layer max2();",
          "@AvgPool2d(kernel = 7, stride = 3, padding = 3, ceilMode = true) Layer avg2();",
          "@Flatten Layer flat();",
          "@Dropout Layer drop();",
          "@Linear(out = 10) Weighted head();");
    }
    List<String> deep = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      deep.add("@Linear(out = " + (9 + i % 3) + ", bias = false) Weighted fc" + i + "();");
      deep.add("@BatchNorm1d BatchNorm bn" + i + "();");
      deep.add("@ReLU Layer relu" + i + "();");
      deep.add("@Dropout Layer drop" + i + "();");
    }
    assertThat(deep).hasSize(200);
    add(sources, "Deep", "FLOAT32", "9", deep.toArray(String[]::new));

    List<String> norms = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      norms.add("@BatchNorm1d BatchNorm bn" + i + "();");
    }
    add(sources, "Norms", "FLOAT64", "3", norms.toArray(String[]::new));

    compiled =
        CompiledNetwork.ofSources(
            sources, new TenonProcessor(LayerTypes.all(), BytecodeTest::generate));
    assertThat(PLANS).hasSizeGreaterThanOrEqualTo(sources.size());
  }

  private static void add(
      Map<String, String> sources, String name, String precision, String input, String... layers) {
    String network = "input = {" + input + "}, precision = Precision." + precision;
    String fullName = name + precision;
    sources.put("test." + fullName, CompiledNetwork.source(fullName, network, List.of(layers)));
  }

  /** What the compiler does, and keeps the plan. */
  private static List<GeneratedSource> generate(Network network, Report report) {
    Network ordered = Reordering.of(network);
    NetworkPlan plan =
        Planner.plan(
            ordered,
            Lowerings.lower(ordered),
            JavaRenderer.fieldsInUse(network.declaration()),
            CompiledNetwork.backEnds());
    for (Plan ofBackEnd : plan.plans()) {
      PLANS.put(
          network.declaration().typeName() + ofBackEnd.backEnd().words().kernels(), ofBackEnd);
    }
    return JavaRenderer.render(network, plan).stream()
        .map(type -> new GeneratedSource(type.qualifiedName(), type.text()))
        .toList();
  }

  @Test
  void noMethodIsTooLongForTheJit() {
    assertThat(compiled.classes()).hasSizeGreaterThan(2 * PLANS.size());
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

  @Test
  void estimatesAreUpperBounds() {
    PLANS.forEach(
        (network, plan) -> {
          for (Routine routine : plan.assembly().routines()) {
            Map<String, Integer> sizes = kernelSizes(network, routine);
            for (Method method : methods(routine)) {
              assertThat(BytecodeEstimate.of(method))
                  .as("estimate of %s.%s", network, method.name())
                  .isGreaterThanOrEqualTo(sizes.get(method.name()));
            }
          }
        });
  }

  /** A bound that is far off would make the planner unroll less than fits. */
  @Test
  void estimatesOfLongMethodsAreNotTwiceTheirSizes() {
    PLANS.forEach(
        (network, plan) -> {
          for (Routine routine : plan.assembly().routines()) {
            Map<String, Integer> sizes = kernelSizes(network, routine);
            for (Method method : methods(routine)) {
              if (BytecodeEstimate.of(method) > BytecodeEstimate.BUDGET / 2) {
                assertThat(sizes.get(method.name()))
                    .as("bytes of %s.%s", network, method.name())
                    .isGreaterThan(BytecodeEstimate.of(method) / 2);
              }
            }
          }
        });
  }

  private static List<Method> methods(Routine routine) {
    return routine.kernels().stream().flatMap(kernel -> kernel.methods().stream()).toList();
  }

  /** The static methods of a routine's class; those that call them have no parameters. */
  private static Map<String, Integer> kernelSizes(String network, Routine routine) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    byte[] bytes =
        IntStream.range(1, 100)
            .mapToObj(i -> "test." + network + (i == 1 ? "" : i))
            .map(outer -> compiled.classes().get(outer + "$" + routine.name()))
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    MethodSizes.of(bytes)
        .forEach(
            (method, size) -> {
              if (!method.contains("()")) {
                sizes.put(method.substring(0, method.indexOf('(')), size);
              }
            });
    return sizes;
  }

  @Test
  void twoHundredLayersTrain() {
    SingleModel model = compiled.create("test.DeepFLOAT32", 1);
    assertThat(model.layers()).hasSize(200);
    Tensor y = model.forward(Samples.input(model, 1, 4));
    assertThat(y.shape()).containsExactly(4, 10);
    model.backward(Samples.outputGradient(model, 2, 4));
    for (Parameter parameter : model.parameters()) {
      assertThat(parameter.gradient().toFloatArray())
          .as(parameter.name())
          .doesNotContain(Float.NaN);
    }
    assertThat(model.state().counters()).containsOnly(1);
  }

  /** Each has a check before the forward, a flag in it, and a counter that an empty batch moves. */
  @Test
  void manyBatchNormsTrain() {
    SingleModel model = compiled.create("test.NormsFLOAT64", 1);
    BatchNorm last = (BatchNorm) model.layers().get(249);
    assertThatThrownBy(() -> model.forward(Samples.input(model, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bn0");
    model.forward(Samples.input(model, 1, 0));
    last.freeze();
    model.forward(Samples.input(model, 1, 4));
    model.backward(Samples.outputGradient(model, 2, 4));
    model.forward(Samples.input(model, 1, 0));
    long[] counters = model.state().arrays().counters();
    assertThat(counters).hasSize(250);
    assertThat(counters[249]).isEqualTo(1);
    assertThat(Arrays.copyOf(counters, 249)).containsOnly(3);
    assertThat(model.state().doubleGradients()).doesNotContain(Double.NaN);
  }

  /** The sizes are those of real methods: this one is five bytes, by hand. */
  @Test
  void sizesAreReadFromTheCodeAttribute() {
    CompiledNetwork network =
        CompiledNetwork.of("Known", "input = 3", List.of("@ReLU Layer relu();"));
    // aload_0, getfield #n, areturn
    assertThat(MethodSizes.of(network.classes().get("test.KnownModel")))
        .containsEntry("state()Ldev/tenon/runtime/state/State;", 5);
  }
}
