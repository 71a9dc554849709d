package dev.tenon.processor.plan;

import dev.tenon.processor.code.BytecodeEstimate;
import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.code.KernelEmitter;
import dev.tenon.processor.code.Method;
import dev.tenon.processor.code.ScheduledNest;
import dev.tenon.processor.code.Statement;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.Plan.Argument;
import dev.tenon.processor.plan.Plan.Call;
import dev.tenon.processor.plan.Plan.PlannedKernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides how a program runs in plain Java: which nests are joined, how contractions are rewritten,
 * where every tensor lies, how every loop runs, and which layers share code.
 */
public final class Planner {
  private final Network network;
  private final StateOffsets state;
  private final Layouts layouts = new Layouts();
  private final List<String> explanation = new ArrayList<>();
  private final Map<List<Method>, Integer> known = new HashMap<>();
  private final List<PlannedKernel> kernels = new ArrayList<>();
  private final Set<String> methodNames = new HashSet<>();

  private Planner(Network network) {
    this.network = network;
    this.state = new StateOffsets(network);
  }

  /**
   * Plans a network.
   *
   * @param network what was declared
   * @param program what it computes
   * @param fieldsInUse names that buffers must not take
   */
  public static Plan plan(Network network, Program program, Set<String> fieldsInUse) {
    return new Planner(network).run(program, fieldsInUse);
  }

  private Plan run(Program program, Set<String> fieldsInUse) {
    Fusion.Result fused = Fusion.fuse(program);
    fused.decisions().forEach(decision -> explanation.add("fused: " + decision));
    PlannedProgram planned = PlannedProgram.of(fused.program(), layouts);

    List<Nest> training = new ArrayList<>(nests(planned.forward()));
    int backwardFrom = training.size();
    training.addAll(nests(planned.backward()));
    BufferPlanner buffers = new BufferPlanner(layouts, fieldsInUse);
    Map<Tensor, Integer> filledLater = new LinkedHashMap<>();
    filledLater.put(program.outputGradient(), backwardFrom);
    Map<Tensor, Integer> none = Map.of();
    buffers.plan(
        training,
        false,
        List.of(program.input()),
        filledLater,
        List.of(program.inputGradient(), program.output()));
    buffers.plan(
        nests(planned.predict()),
        true,
        List.of(program.predictInput()),
        none,
        List.of(program.predictOutput()));

    Set<Integer> onlyForInput = onlyForInput(planned.backward());
    List<Call> forward = calls(planned.forward(), buffers, Set.of());
    List<Call> backward = calls(planned.backward(), buffers, onlyForInput);
    List<Call> predict = calls(planned.predict(), buffers, Set.of());
    return new Plan(
        network,
        state,
        buffers.buffers(),
        buffers.of(program.input()),
        buffers.of(program.output()),
        buffers.of(program.outputGradient()),
        buffers.of(program.inputGradient()),
        buffers.of(program.predictInput()),
        buffers.of(program.predictOutput()),
        kernels,
        forward,
        backward,
        predict,
        explanation);
  }

  private static List<Nest> nests(List<PlannedProgram.PlannedStep> steps) {
    return steps.stream().flatMap(step -> step.work().stream()).map(Work::nest).toList();
  }

  /** Numbers of the steps that neither write a parameter's gradient nor anything it needs. */
  private static Set<Integer> onlyForInput(List<PlannedProgram.PlannedStep> steps) {
    Set<String> needed = new HashSet<>();
    Set<Integer> spare = new HashSet<>();
    for (int i = steps.size() - 1; i >= 0; i--) {
      Optional<Work> work = steps.get(i).work();
      if (work.isEmpty()) {
        continue;
      }
      Nest nest = work.get().nest();
      boolean serves =
          nest.stores().stream()
              .map(Store::tensor)
              .anyMatch(t -> t.role() == Role.PARAMETER_GRADIENT || needed.contains(t.name()));
      if (serves) {
        nest.loads().forEach(load -> needed.add(load.tensor().name()));
      } else {
        spare.add(i);
      }
    }
    return spare;
  }

  // ------------------------------------------------------------------------------------ calls

  private List<Call> calls(
      List<PlannedProgram.PlannedStep> steps, BufferPlanner buffers, Set<Integer> onlyForInput) {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      PlannedProgram.PlannedStep step = steps.get(i);
      if (step.work().isPresent()) {
        calls.add(call(step.work().get(), buffers, onlyForInput.contains(i), step.condition()));
      } else {
        calls.add(hostCall(step.host().orElseThrow(), step.condition(), buffers));
      }
    }
    return calls;
  }

  private Call hostCall(Step step, Step.Condition condition, BufferPlanner buffers) {
    if (step instanceof Step.Join join) {
      List<String> fields = join.tensors().stream().map(t -> buffers.of(t).name()).toList();
      return new Plan.Join(join.layer(), join.how(), fields, join.valuesPerSample(), condition);
    }
    Step.Increment increment = (Step.Increment) step;
    return new Plan.Count(increment.layer(), state.offset(increment.counter()), condition);
  }

  private Call call(
      Work work, BufferPlanner buffers, boolean onlyForInput, Step.Condition condition) {
    Nest nest = work.nest();
    PhysicalNest physical = PhysicalNest.of(nest, layouts::of);
    ScheduledNest scheduled =
        work.schedule()
            .map(s -> new ScheduledNest(physical.nest(), physical.storeBounds(), s))
            .orElseGet(() -> withinBudget(physical));
    KernelEmitter.Kernel emitted = KernelEmitter.emit(scheduled, PLACEHOLDER);
    String method = share(emitted.methods(), nest, scheduled);
    List<Argument> arguments =
        emitted.methods().get(0).parameters().stream()
            .map(parameter -> argument(parameter, emitted.tensors(), nest, buffers))
            .toList();
    boolean measures = nest.stores().stream().anyMatch(s -> s.tensor().role() == Role.RUNNING_STAT);
    return new Plan.Run(nest.layer(), method, arguments, onlyForInput, measures, condition);
  }

  /** The schedule that writes out most, but no method beyond its budget. */
  private static ScheduledNest withinBudget(PhysicalNest physical) {
    ScheduledNest scheduled = null;
    for (int writtenOut : GeneralScheduler.WRITTEN_OUT) {
      scheduled = GeneralScheduler.schedule(physical, writtenOut);
      int bytes =
          KernelEmitter.emit(scheduled, PLACEHOLDER).methods().stream()
              .mapToInt(BytecodeEstimate::of)
              .max()
              .orElse(0);
      if (bytes <= BytecodeEstimate.BUDGET) {
        return scheduled;
      }
    }
    return scheduled;
  }

  /** Name that kernels have until it is known whether the same code exists already. */
  private static final String PLACEHOLDER = "kernel";

  private String share(List<Method> methods, Nest nest, ScheduledNest scheduled) {
    List<Method> key =
        methods.stream()
            .map(m -> new Method(m.name(), List.of(), m.parameters(), m.body()))
            .toList();
    Integer number = known.get(key);
    String title = nest.layer() + "." + nest.name();
    if (number != null) {
      PlannedKernel kernel = kernels.get(number);
      List<String> layers = new ArrayList<>(kernel.layers());
      if (!layers.contains(nest.layer())) {
        layers.add(nest.layer());
      }
      kernels.set(number, new PlannedKernel(kernel.methods(), layers));
      String name = kernel.methods().get(0).name();
      explanation.add(title + ": shares " + name);
      return name;
    }
    String name =
        uniqueMethodName(CamelCase.of(CamelCase.join(nest.layer(), nest.name())), methods);
    List<Method> named = methods.stream().map(method -> rename(method, name)).toList();
    known.put(key, kernels.size());
    kernels.add(new PlannedKernel(named, List.of(nest.layer())));
    explanation.add(
        title
            + ": "
            + scheduled.schedule()
            + "; "
            + named.size()
            + (named.size() == 1 ? " method of at most " : " methods of at most ")
            + named.stream().mapToInt(BytecodeEstimate::of).max().orElse(0)
            + " bytes");
    return name;
  }

  private String uniqueMethodName(String base, List<Method> methods) {
    String name = base;
    for (int i = 2; !isFree(name, methods); i++) {
      name = base + i;
    }
    for (Method method : methods) {
      methodNames.add(renamed(method.name(), name));
    }
    return name;
  }

  private boolean isFree(String name, List<Method> methods) {
    return methods.stream().noneMatch(m -> methodNames.contains(renamed(m.name(), name)));
  }

  private static String renamed(String method, String name) {
    return name + method.substring(PLACEHOLDER.length());
  }

  private static Method rename(Method method, String name) {
    return new Method(
        renamed(method.name(), name),
        method.comment(),
        method.parameters(),
        rename(method.body(), name));
  }

  private static List<Statement> rename(List<Statement> statements, String name) {
    List<Statement> result = new ArrayList<>();
    for (Statement statement : statements) {
      if (statement instanceof Statement.Invoke invoke) {
        result.add(new Statement.Invoke(renamed(invoke.method(), name), invoke.arguments()));
      } else if (statement instanceof Statement.Loop loop) {
        result.add(
            new Statement.Loop(
                loop.variable(),
                loop.from(),
                loop.to(),
                loop.step(),
                loop.declared(),
                rename(loop.body(), name)));
      } else if (statement instanceof Statement.WhenInside when) {
        result.add(new Statement.WhenInside(when.ranges(), rename(when.body(), name)));
      } else {
        result.add(statement);
      }
    }
    return result;
  }

  private Argument argument(
      Variable parameter, Map<String, Tensor> tensors, Nest nest, BufferPlanner buffers) {
    return switch (parameter.name()) {
      case KernelEmitter.BATCH -> new Plan.BatchArgument();
      case KernelEmitter.TOTAL_BATCH -> new Plan.TotalBatchArgument();
      case KernelEmitter.FIRST_SAMPLE -> new Plan.FirstSampleArgument();
      case KernelEmitter.AVERAGE_FACTOR -> averageFactor(nest.layer());
      case KernelEmitter.DROP_PROBABILITY ->
          new Plan.DropProbabilityArgument(
              network.nodes().get(indexOf(nest)).layer().dropProbability().orElseThrow());
      case KernelEmitter.RANDOM_KEY -> new Plan.RandomKeyArgument(indexOf(nest));
      default -> tensorArgument(parameter.name(), tensors, buffers);
    };
  }

  private Argument tensorArgument(
      String parameter, Map<String, Tensor> tensors, BufferPlanner buffers) {
    Tensor tensor = tensors.get(parameter);
    if (tensor == null) {
      return new Plan.StateArgument(parameter);
    }
    if (tensor.isState()) {
      return new Plan.OffsetArgument(tensor.name(), state.offset(tensor.name()));
    }
    return new Plan.BufferArgument(buffers.of(tensor).name());
  }

  private Argument averageFactor(String layer) {
    return network.nodes().stream()
        .filter(node -> node.name().equals(layer))
        .findFirst()
        .flatMap(node -> node.layer().averageFactor())
        .map(
            factor ->
                new Plan.AverageFactorArgument(
                    factor.momentum(),
                    factor.counter().isEmpty() ? -1 : state.offset(layer + "." + factor.counter())))
        .orElseThrow(() -> new IllegalStateException(layer + " has no average factor"));
  }

  /** The layer whose random numbers a nest draws: after a fusion, not always the nest's own. */
  private int indexOf(Nest nest) {
    String layer = NestRewrite.randomLayers(nest).iterator().next();
    for (int i = 0; i < network.nodes().size(); i++) {
      if (network.nodes().get(i).name().equals(layer)) {
        return i;
      }
    }
    throw new IllegalStateException("no layer " + layer);
  }
}
