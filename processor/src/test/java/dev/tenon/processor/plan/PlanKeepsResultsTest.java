package dev.tenon.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.graph.Lowerings;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.KernelInterpreter;
import dev.tenon.processor.ir.NestVerifier;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.plan.PlannedProgram.PlannedStep;
import dev.tenon.processor.reference.Fixtures;
import dev.tenon.processor.reference.Fixtures.Case;
import dev.tenon.processor.reference.Networks;
import dev.tenon.processor.reference.ReferenceModel;
import dev.tenon.runtime.random.Randoms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

  /** Steps of the three phases; those of backward come with and without what only dx needs. */
  private record Steps(
      List<Step> forward,
      List<Step> backward,
      List<Step> backwardWithoutInput,
      List<Step> predict) {
    static Steps of(Program program) {
      return new Steps(
          program.forward(), program.backward(), program.backward(), program.predict());
    }
  }

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
      // Only a batch norm lowers differently for another precision.
      boolean once = fixture.layers().stream().noneMatch(layer -> layer.contains("@BatchNorm"));
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
    Program program = Lowerings.lower(network);
    NestVerifier.verify(program);
    Function<Tensor, String> own = Tensor::name;
    Map<String, double[]> expected =
        run(network, frozen, program, Steps.of(program), own, Set.of(), true);
    assertThat(expected).isNotEmpty();

    Program fused = Fusion.fuse(program).program();
    assertSame(
        "fused", run(network, frozen, program, Steps.of(fused), own, Set.of(), true), expected);

    Layouts layouts = new Layouts();
    PlannedProgram planned = PlannedProgram.of(fused, layouts);
    Plan plan = Planner.plan(network, program, Set.of());
    Steps steps =
        new Steps(
            steps(planned.forward()),
            steps(planned.backward()),
            steps(withoutInput(planned.backward(), plan.backward())),
            steps(planned.predict()));
    Set<String> keptZero =
        tensors(steps).stream().filter(layouts::isKeptZero).collect(Collectors.toSet());
    assertSame("planned", run(network, frozen, program, steps, own, keptZero, true), expected);

    Map<String, String> bufferOf = new TreeMap<>();
    for (Plan.Buffer buffer : plan.buffers()) {
      for (String tenant : buffer.tenants()) {
        assertThat(bufferOf.put(tenant, buffer.name())).as("second buffer of %s", tenant).isNull();
      }
    }
    Function<Tensor, String> inBuffer =
        tensor -> tensor.isState() ? tensor.name() : "buffer " + bufferOf.get(tensor.name());
    assertSame(
        "planned, in shared buffers",
        run(network, frozen, program, steps, inBuffer, keptZero, true),
        expected);

    Map<String, double[]> withoutInput =
        run(network, frozen, program, steps, inBuffer, keptZero, false);
    expected.remove("input gradient");
    withoutInput.remove("input gradient");
    assertSame("planned, without the gradient of the input", withoutInput, expected);
  }

  private static List<Step> steps(List<PlannedStep> planned) {
    List<Step> steps = new ArrayList<>();
    for (PlannedStep step : planned) {
      Step bare = step.work().isPresent() ? step.work().get().nest() : step.host().orElseThrow();
      steps.add(
          step.condition() == Step.Condition.ALWAYS
              ? bare
              : new Step.Conditional(step.condition(), bare));
    }
    return steps;
  }

  /** What runs of backward when the caller does not ask for the gradient of the input. */
  private static List<PlannedStep> withoutInput(List<PlannedStep> steps, List<Plan.Call> calls) {
    assertThat(calls).hasSameSizeAs(steps);
    return IntStream.range(0, steps.size())
        .filter(i -> !(calls.get(i) instanceof Plan.Run run && run.onlyForInput()))
        .mapToObj(steps::get)
        .toList();
  }

  private static Set<String> tensors(Steps steps) {
    return Stream.of(steps.forward(), steps.backward(), steps.predict())
        .flatMap(List::stream)
        .flatMap(step -> step.nest().stream())
        .flatMap(nest -> nest.stores().stream())
        .map(store -> store.tensor().name())
        .collect(Collectors.toSet());
  }

  // ------------------------------------------------------------------------------------- running

  /**
   * One training step and one evaluation.
   *
   * @param places where a tensor lies; tensors in one place share it, views of other sizes included
   * @param keptZero tensors that the model clears once, when it makes them
   */
  private static Map<String, double[]> run(
      Network network,
      Set<String> frozen,
      Program program,
      Steps steps,
      Function<Tensor, String> places,
      Set<String> keptZero,
      boolean withInput) {
    Map<Tensor, double[]> memory = new TreeMap<>(Comparator.comparing(places));
    ReferenceModel reference = new ReferenceModel(network);
    reference.freeze(frozen);
    List<Tensor> stats = new ArrayList<>();
    for (Network.Node node : network.nodes()) {
      for (StateSpec spec : node.layer().state()) {
        if (spec.kind() == StateSpec.Kind.COUNTER) {
          continue;
        }
        boolean parameter = spec.kind() == StateSpec.Kind.PARAMETER;
        Tensor tensor =
            new Tensor(
                node.name() + "." + spec.name(),
                network.real(),
                parameter ? Role.PARAMETER : Role.RUNNING_STAT,
                spec.dims());
        if (!parameter) {
          stats.add(tensor);
        }
        // Positive, because variances are among them.
        memory.put(tensor, uniform(tensor, 0.25, 1.25));
      }
    }
    for (List<Step> phase : List.of(steps.forward(), steps.backward(), steps.predict())) {
      for (Step step : phase) {
        step.nest().stream()
            .flatMap(nest -> nest.stores().stream())
            .map(Store::tensor)
            .filter(tensor -> keptZero.contains(tensor.name()))
            .forEach(t -> memory.put(t, new double[KernelInterpreter.count(t, BATCH)]));
      }
    }
    KernelInterpreter interpreter = new KernelInterpreter(BATCH, new BatchHost(reference), memory);
    Map<String, double[]> results = new TreeMap<>();
    memory.put(program.input(), uniform(program.input(), -2, 2));
    interpreter.run(steps.forward());
    results.put("output", memory.get(program.output()).clone());
    memory.put(program.outputGradient(), uniform(program.outputGradient(), -1, 1));
    interpreter.run(withInput ? steps.backward() : steps.backwardWithoutInput());
    if (withInput) {
      results.put("input gradient", memory.get(program.inputGradient()).clone());
    }
    memory.forEach(
        (tensor, values) -> {
          if (tensor.role() == Role.PARAMETER_GRADIENT) {
            results.put(tensor.name(), values.clone());
          }
        });
    stats.forEach(stat -> results.put(stat.name(), memory.get(stat).clone()));
    memory.put(program.predictInput(), uniform(program.predictInput(), -2, 2));
    interpreter.run(steps.predict());
    results.put("prediction", memory.get(program.predictOutput()).clone());
    for (String name : reference.stateNames()) {
      if (name.endsWith("num_batches_tracked")) {
        results.put(name, reference.state(name));
      }
    }
    return results;
  }

  private static double[] uniform(Tensor tensor, double from, double to) {
    double[] values = new double[KernelInterpreter.count(tensor, BATCH)];
    long key = tensor.name().hashCode();
    Arrays.setAll(values, i -> from + (to - from) * Randoms.uniformDouble(key, i));
    return values;
  }

  /** A reference model's numbers; it does not know the batch size, because it does not run. */
  private record BatchHost(ReferenceModel model) implements KernelInterpreter.Host {
    @Override
    public double number(HostScalar scalar) {
      return scalar.kind() == HostScalar.Kind.BATCH ? BATCH : model.number(scalar);
    }

    @Override
    public long key(HostScalar scalar) {
      return model.key(scalar);
    }

    @Override
    public void increment(String counter) {
      model.increment(counter);
    }

    @Override
    public boolean isFrozen(String layer) {
      return model.isFrozen(layer);
    }
  }

  private static void assertSame(
      String what, Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual.keySet()).as(what).isEqualTo(expected.keySet());
    expected.forEach(
        (name, values) -> {
          double[] found = actual.get(name);
          assertThat(found).as("%s: %s", what, name).hasSameSizeAs(values);
          for (int i = 0; i < values.length; i++) {
            double limit = TOLERANCE * (1 + Math.abs(values[i]));
            assertThat(
                    Double.compare(found[i], values[i]) == 0
                        || Math.abs(found[i] - values[i]) <= limit)
                .as("%s: %s[%d] is %s, not %s", what, name, i, found[i], values[i])
                .isTrue();
          }
        });
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
    Program fused = Fusion.fuse(program).program();
    assertThat(fused.forward()).hasSizeLessThan(program.forward().size());
    assertThat(fused.backward()).hasSizeLessThan(program.backward().size());
    assertThat(fused.predict()).hasSizeLessThan(program.predict().size());
  }
}
