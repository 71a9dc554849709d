package dev.tenon.processor.plan;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.code.EmittedKernels;
import dev.tenon.processor.code.KernelEmitter;
import dev.tenon.processor.code.Meaning;
import dev.tenon.processor.code.Meaning.RuntimeArgument;
import dev.tenon.processor.code.Method;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.NetworkPlan.Explanation;
import dev.tenon.processor.plan.Plan.Argument;
import dev.tenon.processor.plan.Plan.Call;
import dev.tenon.processor.plan.Plan.Range;
import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.processor.plan.backend.CodePlanning;
import dev.tenon.processor.plan.backend.Decisions;
import dev.tenon.processor.plan.backend.Pass;
import dev.tenon.processor.plan.backend.Planning;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.Stretch;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Decides how a program runs on one back end: which nests are joined, how contractions are
 * rewritten, where every tensor lies, how every loop runs, and which layers share code.
 */
public final class Planner {
  private final Network network;
  private final BackEnd.Code backEnd;
  private final StateOffsets state;
  private final PlannedProgram planned;
  private final BufferPlanner buffers;
  private final Explainer explainer;
  private final SharedKernels kernels = new SharedKernels();
  private final EmittedKernels emitted;
  private final Map<String, Integer> layerNumbers;

  /** Names that neither fields nor types may take. */
  private final Set<String> namesInUse;

  private Planner(
      Network network,
      BackEnd.Code backEnd,
      StateOffsets state,
      PlannedProgram planned,
      BufferPlanner buffers,
      EmittedKernels emitted,
      Set<String> namesInUse,
      Explainer explainer) {
    this.network = network;
    this.namesInUse = namesInUse;
    this.backEnd = backEnd;
    this.state = state;
    this.planned = planned;
    this.buffers = buffers;
    this.emitted = emitted;
    this.explainer = explainer;
    this.layerNumbers = layerNumbers(network);
  }

  private static Map<String, Integer> layerNumbers(Network network) {
    Map<String, Integer> numbers = new HashMap<>();
    network.nodes().forEach(node -> numbers.put(node.name(), numbers.size()));
    return numbers;
  }

  /**
   * Plans a network.
   *
   * @param network what was declared
   * @param program what it computes
   * @param fieldsInUse names that buffers must not take
   * @param backEnds the ways to run it; the first one with code computes with any numbers and needs
   *     no more memory than the layers ask for
   */
  public static NetworkPlan plan(
      Network network, Program program, Set<String> fieldsInUse, List<? extends BackEnd> backEnds) {
    List<Plan> plans = new ArrayList<>();
    List<NetworkPlan.Text> texts = new ArrayList<>();
    List<Explained> explained = new ArrayList<>();
    for (BackEnd backEnd : backEnds) {
      if (!backEnd.computes(network.real())) {
        continue;
      }
      if (backEnd instanceof BackEnd.Text text) {
        texts.add(
            new NetworkPlan.Text(text.name(), () -> text.write(planned(network, program, text))));
      } else if (backEnd instanceof BackEnd.Code code) {
        addPlan(plans, explained, network, program, fieldsInUse, code);
      }
    }
    return new NetworkPlan(network, plans, texts, () -> explanation(explained));
  }

  private static void addPlan(
      List<Plan> plans,
      List<Explained> explained,
      Network network,
      Program program,
      Set<String> fieldsInUse,
      BackEnd.Code backEnd) {
    Explainer explainer = new Explainer(network);
    try {
      Plan plan = plan(network, program, fieldsInUse, backEnd, explainer);
      plans.add(plan);
      explained.add(
          new Explained(
              Optional.of("On " + backEnd.name() + ":"),
              () -> explainer.explain(program, plan.buffers())));
    } catch (ArithmeticException tooLarge) {
      if (plans.isEmpty()) {
        throw tooLarge;
      }
      // Padded channels and halos may need more than an array holds where plain rows do not.
      Explanation why =
          Explanation.only(
              "No kernels for " + backEnd.name() + ": padded for them, a tensor is too large.");
      explained.add(new Explained(Optional.empty(), () -> why));
    }
  }

  /** What was decided for one back end, and under which heading if it is not the first. */
  private record Explained(Optional<String> heading, Supplier<Explanation> what) {}

  private static Explanation explanation(List<Explained> explained) {
    Explanation all = explained.get(0).what().get();
    for (Explained further : explained.subList(1, explained.size())) {
      Explanation more = further.what().get();
      all =
          further.heading().isPresent() ? all.with(further.heading().get(), more) : all.with(more);
    }
    return all;
  }

  /** A network after the passes of a back end. */
  private static PlannedProgram planned(Network network, Program program, BackEnd backEnd) {
    EmittedKernels emitted = new EmittedKernels(SharedKernels.PLACEHOLDER, layerNumbers(network));
    return planned(program, backEnd.start(emitted::fits), (layer, decision) -> {});
  }

  private static PlannedProgram planned(Program program, Planning planning, Decisions decisions) {
    PlannedProgram planned = PlannedProgram.of(program);
    for (Pass pass : planning.passes()) {
      planned = pass.run(planned, decisions);
    }
    return planned;
  }

  /**
   * What each pass of each back end changes, for people.
   *
   * @param network what was declared
   * @param program what it computes
   * @param backEnds the ways to run it
   */
  public static List<String> passes(Network network, Program program, List<BackEnd> backEnds) {
    List<String> lines = new ArrayList<>();
    for (BackEnd backEnd : backEnds) {
      if (backEnd.computes(network.real())) {
        EmittedKernels emitted =
            new EmittedKernels(SharedKernels.PLACEHOLDER, layerNumbers(network));
        lines.add("On " + backEnd.name() + ":");
        lines.addAll(PassTrace.of(PlannedProgram.of(program), backEnd.start(emitted::fits)));
      }
    }
    return lines;
  }

  private static Plan plan(
      Network network,
      Program program,
      Set<String> fieldsInUse,
      BackEnd.Code backEnd,
      Explainer explainer) {
    EmittedKernels emitted = new EmittedKernels(SharedKernels.PLACEHOLDER, layerNumbers(network));
    CodePlanning planning = backEnd.start(emitted::fits);
    PlannedProgram planned = planned(program, planning, explainer::add);
    Set<Tensor> users = planning.worksInPlace() ? Set.copyOf(planned.ends().all()) : Set.of();
    BufferPlanner buffers =
        new BufferPlanner(planning::layout, planning::isKeptZero, users::contains, fieldsInUse);
    StateOffsets state =
        new StateOffsets(
            network,
            (name, spec) ->
                planning
                    .stateFormat(name)
                    .flatMap(
                        lies ->
                            StateOffsets.PackedOrder.of(
                                spec, lies.format(), lies.view().orElse(spec.dims()))));
    return new Planner(network, backEnd, state, planned, buffers, emitted, fieldsInUse, explainer)
        .run();
  }

  private Plan run() {
    List<List<Nest>> training = new ArrayList<>(moments(planned.forward()));
    int backwardFrom = training.size();
    training.addAll(moments(planned.backward()));
    Map<Tensor, Integer> filledLater = new LinkedHashMap<>();
    Program.Ends ends = planned.ends();
    ends.outputGradients().forEach(gradient -> filledLater.put(gradient, backwardFrom));
    List<Tensor> results = new ArrayList<>(ends.inputGradients());
    results.addAll(ends.outputs());
    Map<Tensor, Integer> none = Map.of();
    buffers.plan(training, false, ends.inputs(), filledLater, results);
    buffers.plan(
        moments(planned.predict()), true, ends.predictInputs(), none, ends.predictOutputs());

    List<Stretch> stretches = new ArrayList<>(planned.forward());
    stretches.addAll(planned.backward());
    stretches.addAll(planned.predict());
    int backwardAt = planned.forward().size();
    int predictAt = backwardAt + planned.backward().size();
    List<Call> calls = calls(stretches, onlyForInput(planned.backward()));
    List<Call> forward = calls.subList(0, backwardAt);
    List<Call> backward = calls.subList(backwardAt, predictAt);
    List<Call> predict = calls.subList(predictAt, calls.size());
    Assembly assembly =
        new Assembler(network, buffers.buffers(), ends(ends), kernels.all(), state, namesInUse)
            .assemble(forward, backward, predict);
    return new Plan(
        backEnd,
        state,
        buffers.buffers(),
        edges(ends.inputs()),
        edges(ends.outputs()),
        edges(ends.outputGradients()),
        edges(ends.inputGradients()),
        edges(ends.predictInputs()),
        edges(ends.predictOutputs()),
        kernels.all(),
        forward,
        backward,
        predict,
        assembly);
  }

  /** The buffers that the program itself reads or fills. */
  private Set<String> ends(Program.Ends ends) {
    return ends.all().stream().map(tensor -> buffers.of(tensor).name()).collect(Collectors.toSet());
  }

  private List<Plan.Edge> edges(List<Tensor> tensors) {
    return tensors.stream()
        .map(buffers::of)
        .map(buffer -> new Plan.Edge(buffer, buffer.borrowed()))
        .toList();
  }

  /** The nests of each stretch that has any. */
  private static List<List<Nest>> moments(List<Stretch> stretches) {
    return stretches.stream().map(Stretch::nests).filter(nests -> !nests.isEmpty()).toList();
  }

  /** The steps that neither write a parameter's gradient nor anything it needs. */
  private static Set<PlannedStep> onlyForInput(List<Stretch> backward) {
    List<PlannedStep> steps =
        backward.stream().flatMap(stretch -> stretch.steps().stream()).toList();
    Set<String> needed = new HashSet<>();
    // The objects themselves: to compare what is in them takes long.
    Set<PlannedStep> spare = Collections.newSetFromMap(new IdentityHashMap<>());
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
        spare.add(steps.get(i));
      }
    }
    return spare;
  }

  // ------------------------------------------------------------------------------------ calls

  /**
   * The calls of all stretches, in their order. Kernels are made layer by layer, so that they stand
   * in this order and the first layer of several gives its name.
   */
  private List<Call> calls(List<Stretch> stretches, Set<PlannedStep> onlyForInput) {
    List<PlannedStep> steps =
        stretches.stream().flatMap(stretch -> stretch.steps().stream()).toList();
    Call[] calls = new Call[steps.size()];
    IntStream.range(0, calls.length)
        .boxed()
        .sorted(Comparator.comparingInt(i -> layerNumbers.get(steps.get(i).layer())))
        .forEach(i -> calls[i] = call(steps.get(i), onlyForInput.contains(steps.get(i))));
    List<Call> result = new ArrayList<>();
    int at = 0;
    for (Stretch stretch : stretches) {
      int end = at + stretch.steps().size();
      List<Call> own = List.of(calls).subList(at, end);
      result.add(
          stretch.items().map(items -> together(stretch, items, own)).orElseGet(() -> own.get(0)));
      at = end;
    }
    return result;
  }

  private Call together(Stretch stretch, Stretch.Items items, List<Call> calls) {
    List<Plan.Run> runs =
        calls.stream().filter(Plan.Run.class::isInstance).map(Plan.Run.class::cast).toList();
    Plan.Run first = runs.get(0);
    explainer.add(
        first.layer(),
        runs.stream().map(run -> run.layer() + "." + run.name()).collect(Collectors.joining(", "))
            + " together, "
            + items.chunk()
            + (items.axis().isBatch() ? " samples" : " channels")
            + " at a time");
    return new Plan.Stretch(
        first.layer(), costs().range(stretch, items), items.chunk(), calls, items.scales());
  }

  private Call hostCall(Step step, Step.Condition condition) {
    if (step instanceof Step.Join join) {
      List<Plan.BufferArgument> tensors = join.tensors().stream().map(this::buffer).toList();
      return new Plan.Join(join.layer(), join.how(), tensors, join.valuesPerSample(), condition);
    }
    Step.Increment increment = (Step.Increment) step;
    return new Plan.Count(increment.layer(), state.offset(increment.counter()), condition);
  }

  private Call call(PlannedStep step, boolean onlyForInput) {
    if (step.work().isEmpty()) {
      return hostCall(step.host().orElseThrow(), step.condition());
    }
    Work work = step.work().get();
    Nest nest = work.nest();
    ScheduledNest scheduled = work.ready().orElseThrow();
    EmittedKernels.Emitted code = emitted.emit(scheduled);
    KernelEmitter.Kernel kernel = code.kernel();
    SharedKernels.Added added = kernels.add(code, nest);
    Optional<Range> range = kernel.inRanges() ? costs().range(scheduled) : Optional.empty();
    explain(nest, scheduled, added, code.longest(), range);
    List<Argument> arguments =
        kernel.methods().get(0).parameters().stream()
            .map(parameter -> argument(parameter, kernel.tensors(), nest))
            .toList();
    Optional<Axis> items =
        kernel.inRanges()
            ? Optional.of(scheduled.schedule().loops().get(0).axis())
            : Optional.empty();
    boolean measures = nest.stores().stream().anyMatch(s -> s.tensor().role() == Role.RUNNING_STAT);
    return new Plan.Run(
        nest.layer(),
        CamelCase.of(nest.name()),
        added.number(),
        arguments,
        items,
        range,
        onlyForInput,
        measures,
        step.condition());
  }

  private CostModel costs() {
    return new CostModel(backEnd.speed());
  }

  private void explain(
      Nest nest,
      ScheduledNest scheduled,
      SharedKernels.Added added,
      int longest,
      Optional<Range> range) {
    if (!added.isNew()) {
      explainer.add(nest.layer(), nest.name() + ": shares " + added.name());
      return;
    }
    List<Method> methods = added.kernel().methods();
    explainer.add(
        nest.layer(),
        nest.name()
            + ": "
            + scheduled.schedule()
            + "; "
            + methods.size()
            + (methods.size() == 1 ? " method of at most " : " methods of at most ")
            + longest
            + " bytes"
            + range.map(r -> "; " + shared(scheduled, r)).orElse(""));
  }

  /** {@code split over n, 120 ns each}. */
  private static String shared(ScheduledNest scheduled, Range range) {
    return "split over "
        + scheduled.schedule().loops().get(0).axis().name()
        + ", "
        + Explainer.number(range.nanosPerItem())
        + " ns each"
        + (range.perSample() ? " and sample" : "");
  }

  private Argument argument(Variable parameter, List<Tensor> tensors, Nest nest) {
    Meaning meaning = parameter.meaning();
    if (meaning instanceof RuntimeArgument argument) {
      return argument(argument, nest);
    }
    return meaning instanceof Meaning.StateArray
        ? new Plan.StateArgument(parameter.name())
        : argument(tensors.get(((Meaning.OfTensor) meaning).number()));
  }

  private Argument argument(RuntimeArgument argument, Nest nest) {
    return switch (argument) {
      case BATCH -> new Plan.BatchArgument();
      case BLOCKS -> new Plan.BlocksArgument(blocksOf(nest));
      case BLOCK_SIZE -> new Plan.BlockSizeArgument(blocksOf(nest));
      case FROM -> new Plan.FromArgument();
      case TO -> new Plan.ToArgument();
      case TOTAL_BATCH -> new Plan.TotalBatchArgument();
      case FIRST_SAMPLE -> new Plan.FirstSampleArgument();
      case AVERAGE_FACTOR -> averageFactor(nest.layer());
      case DROP_PROBABILITY ->
          new Plan.DropProbabilityArgument(
              network.nodes().get(indexOf(nest)).layer().dropProbability().orElseThrow());
      case RANDOM_KEY -> new Plan.RandomKeyArgument(indexOf(nest));
      case LANES -> throw new IllegalStateException("The number of lanes is a constant.");
    };
  }

  private static Axis blocksOf(Nest nest) {
    return nest.axes().stream().filter(Axis::isBlocks).findFirst().orElseThrow();
  }

  private Argument argument(Tensor tensor) {
    return tensor.isState()
        ? new Plan.OffsetArgument(tensor.entry(), state.offset(tensor))
        : buffer(tensor);
  }

  private Plan.BufferArgument buffer(Tensor tensor) {
    return new Plan.BufferArgument(buffers.of(tensor).name(), tensor.name());
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
    return network.numberOf(NestRewrite.randomLayers(nest).iterator().next());
  }
}
