package dev.tenon.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.graph.Lowerings;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.KernelInterpreter.Rounding;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.plan.rewrite.Fusion;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import dev.tenon.processor.reference.Fixtures;
import dev.tenon.processor.reference.Fixtures.Case;
import dev.tenon.processor.reference.Networks;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Any plan gives the unplanned result: a program as it was lowered, fused, rewritten, and rewritten
 * in the shared buffers of the plan, all run by the interpreter, give the same numbers up to the
 * order of their sums.
 */
final class PlanKeepsResultsTest {
  private static final int BATCH = 3;
  private static final double TOLERANCE = 1e-12;

  /** Networks in which neighbours are joined, tiles have rests and copies are shared. */
  private static Map<String, String> sources() {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String precision : List.of("float32", "float64")) {
      add(sources, precision, "Wide", List.of(19), "@Linear(out = 13) Weighted fc();");
      add(
          sources,
          precision,
          "Mlp",
          List.of(10),
          "@Linear(out = 12) Weighted fc1();",
          "@BatchNorm1d BatchNorm bn();",
          "@ReLU Layer relu();",
          "@Dropout(p = 0.3) Layer drop();",
          "@Linear(out = 9, bias = false) Weighted fc2();",
          "@ReLU Layer relu2();",
          "@Linear(out = 8) Weighted fc3();");
      // More places of a kernel, and more steps of it, than are written out one by one.
      add(
          sources,
          precision,
          "LargeWindows",
          List.of(2, 16, 30),
          "@Conv2d(out = 3, kernel = {14, 13}, padding = 1) Weighted conv1();",
          "@ReLU Layer relu1();",
          "@Conv2d(out = 2, kernel = 2, stride = 14, padding = 5) Weighted conv2();");
      add(
          sources,
          precision,
          "Cnn",
          List.of(3, 9, 10),
          "@Conv2d(out = 9, kernel = 3, padding = 1, bias = false) Weighted conv1();",
          "@BatchNorm2d BatchNorm bn1();",
          "@ReLU Layer relu1();",
          "@MaxPool2d(kernel = 3, stride = 2, padding = 1) Layer pool1();",
          "@Conv2d(out = 5, kernel = 3, stride = 2) Weighted conv2();",
          "@BatchNorm2d(trackRunningStats = false) BatchNorm bn2();",
          "@ReLU Layer relu2();",
          "@Dropout Layer drop();",
          "@Flatten Layer flat();",
          "@Linear(out = 8) Weighted head();");
      add(
          sources,
          precision,
          "Kernels",
          List.of(4, 11, 12),
          "@Conv2d(out = 6, kernel = {3, 2}, dilation = {2, 1}, groups = 2) Weighted dilated();",
          "@ReLU Layer relu1();",
          "@Conv2d(out = 5, kernel = 1) Weighted pointwise();",
          "@Conv2d(out = 5, kernel = 3, padding = 2, groups = 5) Weighted depthwise();",
          "@AvgPool2d(kernel = 3, stride = 2, padding = 1) Layer avg();",
          "@Conv2d(out = 7, kernel = 1, stride = 2, bias = false) Weighted shrink();",
          "@BatchNorm2d(cumulative = true) BatchNorm bn();",
          "@ReLU Layer relu2();",
          "@GlobalAvgPool Layer pool();");
      // Windows that are copied as rows, of one group and of several, with phases and with rests.
      add(
          sources,
          precision,
          "Patches",
          List.of(8, 7, 9),
          "@Conv2d(out = 7, kernel = 3, padding = 1) Weighted conv1();",
          "@MaxPool2d(kernel = {3, 2}, stride = 1) Layer pool1();",
          "@Conv2d(out = 16, kernel = {4, 3}, stride = 2, padding = 2) Weighted conv2();",
          "@MaxPool2d(kernel = 2, padding = 1) Layer pool2();",
          "@Conv2d(out = 6, kernel = 3, padding = 1, groups = 2) Weighted conv3();",
          "@Flatten Layer flat();",
          "@Linear(out = 3) Weighted head();");
      add(
          sources,
          precision,
          "SameInput",
          List.of(2, 8, 8),
          "@Conv2d(out = 2, kernel = 5, padding = Conv2d.SAME) Weighted conv1();",
          "@Conv2d(out = 2, kernel = 5, padding = Conv2d.SAME) Weighted conv2();",
          "@Conv2d(out = 2, kernel = 7, stride = 3, padding = 3) Weighted conv3();",
          "@MaxPool2d(kernel = 2, stride = 1, ceilMode = true) Layer pool();",
          "@Flatten Layer flat();",
          "@BatchNorm1d BatchNorm bn();");
      add(
          sources,
          precision,
          "Norms",
          List.of(3, 8, 9),
          "@Conv2d(out = 6, kernel = 3, padding = 1) Weighted conv1();",
          "@GroupNorm(groups = 3) Norm gn();",
          "@ReLU Layer relu1();",
          "@Conv2d(out = 5, kernel = 3, bias = false) Weighted conv2();",
          "@InstanceNorm2d(affine = true, trackRunningStats = true) InstanceNorm in1();",
          "@ReLU Layer relu2();",
          "@MaxPool2d(kernel = 2) Layer pool();",
          "@LayerNorm(shape = {3, 3}) Norm ln1();",
          "@InstanceNorm2d InstanceNorm in2();",
          "@Flatten Layer flat();",
          "@LayerNorm Norm ln2();",
          "@ReLU Layer relu3();",
          "@Linear(out = 8) Weighted head();",
          "@GroupNorm(groups = 2) Norm gn2();");
      add(
          sources,
          precision,
          "Residual",
          List.of(16, 6, 7),
          "@Conv2d(out = 16, kernel = 3, padding = 1, bias = false) Weighted conv1();",
          "@BatchNorm2d(eps = 0.1) BatchNorm bn1();",
          "@ReLU Layer relu1();",
          "@Conv2d(out = 16, kernel = 1, bias = false) Weighted conv2();",
          "@BatchNorm2d(eps = 0.1) BatchNorm bn2();",
          "@From({\"bn2\", Network.INPUT}) @Add Layer add1();",
          "@ReLU Layer relu2();",
          "@Conv2d(out = 24, kernel = 3, stride = 2, padding = 1, groups = 8, bias = false) Weighted"
              + " conv3();",
          "@BatchNorm2d(eps = 0.1) BatchNorm bn3();",
          "@From(\"relu2\") @Conv2d(out = 24, kernel = 1, stride = 2, bias = false) Weighted"
              + " shortcut();",
          "@BatchNorm2d(eps = 0.1) BatchNorm bn4();",
          "@From({\"bn3\", \"bn4\"}) @Add Layer add2();",
          "@ReLU Layer relu3();",
          "@GlobalAvgPool Layer pool();",
          "@From({\"pool\", \"pool\"}) @Multiply Layer square();");
      add(
          sources,
          precision,
          "Branches",
          List.of(3, 6, 6),
          "@Conv2d(out = 16, kernel = 1, bias = false) Weighted conv1();",
          "@BatchNorm2d(eps = 0.1) BatchNorm bn1();",
          "@ReLU Layer relu1();",
          "@From(Network.INPUT) @Conv2d(out = 8, kernel = 3, padding = 1) Weighted conv2();",
          "@ReLU Layer relu2();",
          "@From(Network.INPUT) @MaxPool2d(kernel = 3, stride = 1, padding = 1) Layer pool();",
          "@From({\"relu1\", \"relu2\", \"pool\", \"relu1\"}) @Concat Layer all();",
          "@BatchNorm2d(eps = 0.1) BatchNorm bn2();",
          "@From({\"bn2\", \"all\"}) @Multiply Layer gate();",
          "@From({\"gate\", \"bn2\", \"all\"}) @Multiply Layer three();",
          "@Conv2d(out = 5, kernel = 3) Weighted conv3();",
          "@From({\"conv3\", \"conv3\"}) @Concat(axis = -1) Layer wide();",
          "@From({\"wide\", \"wide\", \"wide\"}) @Add Layer triple();",
          "@Flatten Layer flat();",
          "@From(\"conv3\") @Flatten Layer flat2();",
          "@From({\"flat\", \"flat2\"}) @Concat(axis = -1) Layer joined();",
          "@Linear(out = 4) Weighted head();");
      // A vector that becomes an image, axes cut and merged, and axes cut across.
      add(
          sources,
          precision,
          "Reshapes",
          List.of(12),
          "@Reshape({3, 2, 2}) Layer image();",
          "@Conv2d(out = 3, kernel = 2, padding = 1) Weighted conv1();",
          "@Reshape({9, -1}) Layer sequence();",
          "@Linear(in = 3, out = 5) Weighted hidden();",
          "@Reshape({3, 15}) Layer rows();",
          "@ReLU Layer relu1();",
          "@Reshape({5, 9}) Layer across();",
          "@Flatten Layer flat();",
          "@Linear(out = 64) Weighted wide();",
          "@Reshape({16, 2, 2}) Layer grid();",
          "@ConvTranspose2d(out = 9, kernel = 2, stride = 2) Weighted up();",
          "@BatchNorm2d BatchNorm bn();");
      add(
          sources,
          precision,
          "FlatOutput",
          List.of(2, 5, 6),
          "@Conv2d(out = 3, kernel = 3, padding = 1) Weighted conv();",
          "@Flatten Layer flat();");
      add(
          sources,
          precision,
          "NoParameters",
          List.of(2, 6, 6),
          "@ReLU Layer relu();",
          "@AvgPool2d(kernel = 2) Layer pool();",
          "@Dropout Layer drop();",
          "@Flatten Layer flat();");
    }
    return sources;
  }

  private static void add(
      Map<String, String> sources,
      String precision,
      String name,
      List<Integer> input,
      String... layers) {
    String fullName = name + "_" + precision;
    sources.put(fullName, Networks.source(fullName, precision, input, List.of(layers)));
  }

  @TestFactory
  Stream<DynamicTest> plannedIsLowered() {
    Map<String, String> sources = sources();
    Map<String, String> titles = new LinkedHashMap<>();
    sources.keySet().forEach(name -> titles.put(name, name));
    Set<String> seen = new HashSet<>();
    for (Case fixture :
        Fixtures.files().stream().flatMap(f -> Fixtures.read(f).stream()).toList()) {
      // Only normalisations lower differently for another precision.
      boolean once = fixture.layers().stream().noneMatch(layer -> layer.contains("Norm"));
      if (seen.add(once ? fixture.input() + "" + fixture.layers() : fixture.networkKey())) {
        String name = "Net" + seen.size();
        titles.put(name, fixture.name());
        sources.put(
            name, Networks.source(name, fixture.precision(), fixture.input(), fixture.layers()));
      }
    }
    Map<String, Network> networks = Networks.ofAll(List.copyOf(sources.values()));
    return titles.entrySet().stream()
        .map(
            title ->
                DynamicTest.dynamicTest(
                    title.getValue(), () -> check(networks.get(title.getKey()))));
  }

  private static void check(Network network) {
    check(network, Set.of());
    Set<String> canFreeze =
        network.nodes().stream()
            .filter(node -> node.layer().canFreezeStatistics())
            .map(Network.Node::name)
            .collect(Collectors.toSet());
    if (!canFreeze.isEmpty()) {
      check(network, canFreeze);
    }
  }

  private static void check(Network network, Set<String> frozen) {
    Map<String, double[]> expected = PlanVariants.lowered(network, frozen, BATCH, Rounding.NONE);
    assertThat(expected).isNotEmpty();
    PlanVariants.planned(network, frozen, BATCH)
        .forEach(
            (variant, results) -> {
              Map<String, double[]> wanted = new TreeMap<>(expected);
              if (variant.equals(PlanVariants.WITHOUT_INPUT)) {
                wanted.keySet().removeIf(name -> name.startsWith(PlanVariants.INPUT_GRADIENT));
              }
              assertSame(variant, results, wanted);
            });
  }

  private static void assertSame(
      String what, Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual.keySet()).as(what).isEqualTo(expected.keySet());
    expected.forEach(
        (name, values) -> {
          double[] found = actual.get(name);
          assertThat(found).as("%s: %s", what, name).hasSameSizeAs(values);
          double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
          for (int i = 0; i < values.length; i++) {
            // Winograd's way rounds in proportion to the image, not to what is left of it.
            double scale =
                what.startsWith(PlanVariants.FOR_VECTORS) ? largest : Math.abs(values[i]);
            double limit = TOLERANCE * (1 + scale);
            assertThat(
                    Double.compare(found[i], values[i]) == 0
                        || Math.abs(found[i] - values[i]) <= limit)
                .as("%s: %s[%d] is %s, not %s", what, name, i, found[i], values[i])
                .isTrue();
          }
        });
  }

  /** A residual block ends in one pass over its pixels, and its gradients are not copied. */
  @Test
  void fusionJoinsTheSumWithAShortcut() {
    Network network =
        Networks.of(
            "float32",
            List.of(16, 4, 4),
            List.of(
                "@Conv2d(out = 16, kernel = 3, padding = 1) Weighted conv1();",
                "@BatchNorm2d BatchNorm bn1();",
                "@ReLU Layer relu1();",
                "@Conv2d(out = 16, kernel = 3, padding = 1) Weighted conv2();",
                "@BatchNorm2d BatchNorm bn2();",
                "@From({\"bn2\", Network.INPUT}) @Add Layer add();",
                "@ReLU Layer relu2();"));
    Program fused = Fusion.of(Lowerings.lower(network), 1).program();
    assertThat(nestsOf("add", fused.forward())).isEmpty();
    assertThat(nestsOf("relu2", fused.forward())).isEmpty();
    assertThat(nestsOf("add", fused.predict())).isEmpty();
    assertThat(nestsOf("add", fused.backward())).isEmpty();
  }

  /** Whoever gives a part of a concatenation writes it there. */
  @Test
  void fusionWritesSlicesWhereTheyBelong() {
    Network network =
        Networks.of(
            "float32",
            List.of(16, 4, 4),
            List.of(
                "@BatchNorm2d BatchNorm bn1();",
                "@ReLU Layer relu1();",
                "@From(Network.INPUT) @BatchNorm2d BatchNorm bn2();",
                "@From({\"relu1\", \"bn2\"}) @Concat Layer both();"));
    for (Program fused :
        List.of(
            Fusion.of(Lowerings.lower(network), 1).program(),
            Fusion.of(Lowerings.lower(network), MemoryFormat.LANES).program())) {
      assertThat(nestsOf("both", fused.predict())).isEmpty();
      // Backward of relu1 still wants its output apart.
      assertThat(nestsOf("both", fused.forward())).containsExactly("forward1");
      assertThat(nestsOf("both", fused.backward())).isEmpty();
    }
  }

  private static List<String> nestsOf(String layer, List<Step> steps) {
    return steps.stream()
        .flatMap(step -> step.nest().stream())
        .filter(nest -> nest.layer().equals(layer))
        .map(Nest::name)
        .toList();
  }

  /** Fusion is not vacuous: a normalisation and its activation are one pass in each direction. */
  @Test
  void fusionJoinsNormalisationAndActivation() {
    Network network =
        Networks.of(
            "float32",
            List.of(3, 4, 4),
            List.of("@BatchNorm2d BatchNorm bn();", "@ReLU Layer relu();"));
    Program program = Lowerings.lower(network);
    Program fused = Fusion.of(program, 1).program();
    assertThat(fused.forward()).hasSizeLessThan(program.forward().size());
    assertThat(fused.backward()).hasSizeLessThan(program.backward().size());
    assertThat(fused.predict()).hasSizeLessThan(program.predict().size());
  }
}
