package dev.tenon.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.graph.Lowerings;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.Reordering;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.KernelInterpreter;
import dev.tenon.processor.ir.KernelInterpreter.Rounding;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.NestVerifier;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.plan.backend.CodePlanning;
import dev.tenon.processor.plan.backend.Pass;
import dev.tenon.processor.plan.rewrite.IntsAsFloats;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.vector.BlockedSums;
import dev.tenon.processor.plan.vector.GatherForm;
import dev.tenon.processor.plan.vector.Winograd;
import dev.tenon.processor.reference.ReferenceModel;
import dev.tenon.runtime.random.Randoms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One training step and one evaluation of a network, run by the interpreter: as the program was
 * lowered, and as the planner changes it, stage by stage. Results are by name: output, gradients,
 * statistics, counters, prediction.
 */
public final class PlanVariants {
  /** The result that {@link #WITHOUT_INPUT} does not have. */
  public static final String INPUT_GRADIENT = "input gradient";

  /** The variant of what vector kernels compute. */
  public static final String FOR_VECTORS = "for vectors";

  /** The variant whose caller does not ask for the gradient of the input. */
  public static final String WITHOUT_INPUT = "planned, without the gradient of the input";

  private final Network network;
  private final Program program;
  private final Set<String> frozen;
  private final int batch;
  private final Rounding rounding;

  private PlanVariants(Network network, Set<String> frozen, int batch, Rounding rounding) {
    this.network = network;
    this.program = Lowerings.lower(network);
    this.frozen = frozen;
    this.batch = batch;
    this.rounding = rounding;
    NestVerifier.verify(program);
  }

  /** The results of the program as it was lowered. */
  public static Map<String, double[]> lowered(
      Network network, Set<String> frozen, int batch, Rounding rounding) {
    PlanVariants variants = new PlanVariants(network, frozen, batch, rounding);
    return variants.run(Steps.of(variants.program), Tensor::name, Set.of(), true);
  }

  /** The results of the program fused, rewritten, and rewritten in the plan's shared buffers. */
  public static Map<String, Map<String, double[]>> planned(
      Network network, Set<String> frozen, int batch) {
    return new PlanVariants(network, frozen, batch, Rounding.NONE).planned();
  }

  private Map<String, Map<String, double[]>> planned() {
    Map<String, Map<String, double[]>> results = new LinkedHashMap<>();
    Network ordered = Reordering.of(network);
    Program reordered = Lowerings.lower(ordered);
    NestVerifier.verify(reordered);
    results.put("reordered", run(Steps.of(reordered), Tensor::name, Set.of(), true));
    CodePlanning plain = BackEnds.PLAIN.start(scheduled -> true);
    PlannedProgram planned = PlannedProgram.of(reordered);
    for (Pass pass : plain.passes()) {
      PlannedProgram before = planned;
      planned = pass.run(planned, (layer, decision) -> {});
      if (!planned.program().equals(before.program())) {
        results.put(
            "plain, after " + pass.name(),
            run(Steps.of(planned.program()), Tensor::name, keptZero(planned, plain), true));
      }
    }
    if (network.real() == ElementType.FLOAT) {
      runVectors(reordered, results);
    }

    Plan plan = Planner.plan(ordered, reordered, Set.of(), List.of(BackEnds.PLAIN)).plans().get(0);
    Steps steps = steps(planned, plan);
    Set<String> keptZero = keptZero(planned, plain);

    Map<String, String> bufferOf = new TreeMap<>();
    for (Plan.Buffer buffer : plan.buffers()) {
      for (Tensor tenant : buffer.tenants()) {
        assertThat(bufferOf.put(tenant.name(), buffer.name()))
            .as("second buffer of %s", tenant)
            .isNull();
      }
    }
    Function<Tensor, String> inBuffer =
        tensor -> tensor.isState() ? tensor.name() : "buffer " + bufferOf.get(tensor.name());
    results.put("planned, in shared buffers", run(steps, inBuffer, keptZero, true));
    results.put(WITHOUT_INPUT, run(steps, inBuffer, keptZero, false));
    return results;
  }

  /** What vector kernels compute. */
  private void runVectors(Program reordered, Map<String, Map<String, double[]>> results) {
    PlannedProgram planned = PlannedProgram.of(reordered);
    for (Pass pass : BackEnds.vectors(true).start(scheduled -> true).passes()) {
      planned = pass.run(planned, (layer, decision) -> {});
      if (pass.name().equals("Fusion")) {
        Program fused = planned.program();
        results.put("without flattenings", run(Steps.of(fused), Tensor::name, Set.of(), true));
        results.put(
            FOR_VECTORS + ", by Winograd's way",
            run(Steps.of(forVectors(fused)), Tensor::name, Set.of(), true));
      }
    }
    results.put(FOR_VECTORS, run(Steps.of(planned.program()), Tensor::name, Set.of(), true));
  }

  /** By Winograd's way wherever that is possible, worth it or not. */
  private static Program forVectors(Program program) {
    return new Program(
        program.ends(),
        forVectors(program.forward()),
        forVectors(program.backward()),
        forVectors(program.predict()));
  }

  private static List<Step> forVectors(List<Step> steps) {
    List<Step> rewritten = new ArrayList<>();
    for (Step step : steps) {
      if (step.nest().isEmpty()) {
        rewritten.add(step);
        continue;
      }
      Nest nest = IntsAsFloats.of(step.nest().get());
      List<Nest> parts =
          GatherForm.of(nest).or(() -> BlockedSums.of(nest, false, false)).orElse(List.of(nest));
      for (Nest part : parts) {
        Winograd.rewrite(part)
            .map(Winograd.Result::nests)
            .orElse(List.of(part))
            .forEach(tiles -> rewritten.add(step.withNest(tiles)));
      }
    }
    return rewritten;
  }

  /** Steps of the three phases; those of backward come with and without what only dx needs. */
  private record Steps(
      Program.Ends ends,
      List<Step> forward,
      List<Step> backward,
      List<Step> backwardWithoutInput,
      List<Step> predict) {
    static Steps of(Program program) {
      return new Steps(
          program.ends(),
          program.forward(),
          program.backward(),
          program.backward(),
          program.predict());
    }
  }

  private static Steps steps(PlannedProgram planned, Plan plan) {
    Program program = planned.program();
    return new Steps(
        program.ends(),
        program.forward(),
        program.backward(),
        withoutInput(program.backward(), plan.backward()),
        program.predict());
  }

  /** What runs of backward when the caller does not ask for the gradient of the input. */
  private static List<Step> withoutInput(List<Step> steps, List<Plan.Call> calls) {
    assertThat(calls).hasSameSizeAs(steps);
    return IntStream.range(0, steps.size())
        .filter(i -> !(calls.get(i) instanceof Plan.Run run && run.onlyForInput()))
        .mapToObj(steps::get)
        .toList();
  }

  /** The tensors of which what is never written must read as zero. */
  private static Set<String> keptZero(PlannedProgram planned, CodePlanning planning) {
    return planned.nests().stream()
        .flatMap(nest -> nest.stores().stream())
        .map(store -> store.tensor().name())
        .filter(planning::isKeptZero)
        .collect(Collectors.toSet());
  }

  // ------------------------------------------------------------------------------------- running

  /**
   * One training step and one evaluation.
   *
   * @param places where a tensor lies; tensors in one place share it, views of other sizes included
   * @param keptZero tensors that the model clears once, when it makes them
   */
  private Map<String, double[]> run(
      Steps steps, Function<Tensor, String> places, Set<String> keptZero, boolean withInput) {
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
                node.name(),
                spec.name(),
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
            .forEach(t -> memory.put(t, new double[KernelInterpreter.count(t, batch)]));
      }
    }
    KernelInterpreter interpreter =
        new KernelInterpreter(batch, new BatchHost(reference, batch), memory, rounding);
    Map<String, double[]> results = new TreeMap<>();
    Program.Ends ends = steps.ends();
    putInputs(memory, ends.inputs(), program.ends().inputs());
    interpreter.run(steps.forward());
    putResults(results, "output", memory, ends.outputs());
    for (int i = 0; i < ends.outputGradients().size(); i++) {
      // The last layer may be another one, and the gradient's name with it.
      Tensor declared = program.ends().outputGradients().get(i);
      memory.put(ends.outputGradients().get(i), uniform(declared, -1, 1));
    }
    interpreter.run(withInput ? steps.backward() : steps.backwardWithoutInput());
    if (withInput) {
      putResults(results, INPUT_GRADIENT, memory, ends.inputGradients());
    }
    memory.forEach(
        (tensor, values) -> {
          if (tensor.role() == Role.PARAMETER_GRADIENT) {
            results.put(tensor.name(), values.clone());
          }
        });
    stats.forEach(stat -> results.put(stat.name(), memory.get(stat).clone()));
    putInputs(memory, ends.predictInputs(), program.ends().predictInputs());
    interpreter.run(steps.predict());
    putResults(results, "prediction", memory, ends.predictOutputs());
    for (String name : reference.stateNames()) {
      if (name.endsWith("num_batches_tracked")) {
        results.put(name, reference.state(name));
      }
    }
    return results;
  }

  /** Under their own names, which need not be those under which they were declared. */
  private void putInputs(
      Map<Tensor, double[]> memory, List<Tensor> inputs, List<Tensor> declaredInputs) {
    for (int i = 0; i < inputs.size(); i++) {
      Tensor tensor = declaredInputs.get(i);
      int limit = network.inputs().get(i).limit();
      double[] values = limit == 0 ? uniform(tensor, -2, 2) : uniform(tensor, 0, limit);
      memory.put(
          inputs.get(i), limit == 0 ? values : Arrays.stream(values).map(Math::floor).toArray());
    }
  }

  /** The first under the name itself, further ones numbered behind it. */
  private static void putResults(
      Map<String, double[]> results,
      String name,
      Map<Tensor, double[]> memory,
      List<Tensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      results.put(i == 0 ? name : name + " " + (i + 1), memory.get(tensors.get(i)).clone());
    }
  }

  private double[] uniform(Tensor tensor, double from, double to) {
    double[] values = new double[KernelInterpreter.count(tensor, batch)];
    long key = tensor.name().hashCode();
    Arrays.setAll(values, i -> from + (to - from) * Randoms.uniformDouble(key, i));
    return values;
  }

  /** A reference model's numbers; it does not know the batch size, because it does not run. */
  private record BatchHost(ReferenceModel model, int batch) implements KernelInterpreter.Host {
    @Override
    public double number(HostScalar scalar) {
      return scalar.kind() == HostScalar.Kind.BATCH || scalar.kind() == HostScalar.Kind.TOTAL_BATCH
          ? batch
          : model.number(scalar);
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
}
