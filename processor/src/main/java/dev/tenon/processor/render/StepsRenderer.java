package dev.tenon.processor.render;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.declaration.UsedTypes;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Step.Condition;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Plan.Argument;
import dev.tenon.processor.plan.Plan.Call;
import dev.tenon.processor.plan.Plan.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import javax.lang.model.element.Modifier;

/**
 * The methods of a program that run its kernels, one after the other, under layers' headings. A
 * kernel that threads may share is a step of its own, with a number:
 *
 * <pre>
 *     private void forwardLayers() {
 *       // bn1: @BatchNorm2d(channels = 16), 16x32x32 -> 16x32x32
 *       workers.run(this, BN1_NORMALISE, batch, 1, 5200);
 *     }
 *
 *     public void run(int step, int from, int to) {
 *       switch (step) {
 *         case BN1_NORMALISE -> CifarNetKernels.bn1Normalise(bn1Output, ..., from, to);
 *       }
 *     }
 * </pre>
 *
 * Kernels that run together are one step, with a method that runs all of them on a few items at a
 * time.
 */
final class StepsRenderer {
  private final Network network;
  private final Map<String, Node> nodes = new HashMap<>();
  private final KernelsRenderer kernels;

  /** Names of the steps, in the order of their numbers. */
  private final List<String> names = new ArrayList<>();

  private final List<Step> steps = new ArrayList<>();

  /** Names that steps cannot have: those of fields and types. */
  private final Set<String> taken = new HashSet<>();

  /** Stretches whose methods are to be written, in their order, by the names of these. */
  private final Map<String, Plan.Stretch> stretches = new LinkedHashMap<>();

  /** What {@code run} does for one number, under which layer's heading. */
  private record Step(String layer, CodeBlock statement) {}

  StepsRenderer(Network network, Plan plan, KernelsRenderer kernels) {
    this.network = network;
    network.nodes().forEach(node -> nodes.put(node.name(), node));
    this.kernels = kernels;
    taken.addAll(ProgramFields.IN_USE);
    taken.addAll(UsedTypes.names());
    plan.buffers().forEach(buffer -> taken.add(buffer.name()));
  }

  /** Calls the methods that {@link #add} makes for a phase: forward, backward, predict. */
  static void addCalls(MethodSpec.Builder method, String phase, List<Call> calls) {
    for (int i = 0; i < Parts.of(calls).size(); i++) {
      method.addStatement("$N()", Parts.name(phase + "Layers", i));
    }
  }

  /** Adds the methods of one phase. */
  void add(TypeSpec.Builder type, String phase, List<Call> calls) {
    List<List<Call>> parts = Parts.of(calls);
    for (int i = 0; i < parts.size(); i++) {
      MethodSpec.Builder method =
          MethodSpec.methodBuilder(Parts.name(phase + "Layers", i)).addModifiers(Modifier.PRIVATE);
      addSteps(method, parts.get(i), "");
      type.addMethod(method.build());
    }
  }

  private void addSteps(MethodSpec.Builder method, List<Call> calls, String underHeading) {
    addSteps(method, calls, underHeading, (call, number) -> statement(call));
  }

  /**
   * Writes a sequence of calls, each under its condition.
   *
   * @param underHeading the layer whose heading stands before them, if one does
   */
  private void addSteps(
      MethodSpec.Builder method,
      List<Call> calls,
      String underHeading,
      BiFunction<Call, Integer, CodeBlock> statements) {
    String layer = underHeading;
    Guard open = Guard.NONE;
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      Guard guard = Guard.of(call);
      if (!guard.equals(open) && !open.equals(Guard.NONE)) {
        method.endControlFlow();
        open = Guard.NONE;
      }
      if (call instanceof Plan.Stretch stretch) {
        addStretch(method, stretch, layer);
        layer = stretch.calls().get(stretch.calls().size() - 1).layer();
        continue;
      }
      if (!call.layer().equals(layer)) {
        layer = call.layer();
        method.addComment("$L", heading(layer));
      }
      if (!guard.equals(open)) {
        method.beginControlFlow("if ($L)", condition(guard));
        open = guard;
      }
      method.addStatement(statements.apply(call, i));
    }
    if (!open.equals(Guard.NONE)) {
      method.endControlFlow();
    }
  }

  // ------------------------------------------------------------------------------ stretches

  /**
   * Runs the calls together. Where pieces of a batch exchange something in their midst, they run
   * together only if there is but one piece.
   */
  private void addStretch(MethodSpec.Builder method, Plan.Stretch stretch, String underHeading) {
    layers(stretch).stream()
        .filter(layer -> !layer.equals(underHeading))
        .forEach(layer -> method.addComment("$L", heading(layer)));
    String last = stretch.calls().get(stretch.calls().size() - 1).layer();
    String name = stretch.name();
    for (int i = 2; stretches.containsKey(name); i++) {
      name = stretch.name() + i;
    }
    stretches.put(name, stretch);
    CodeBlock run =
        shared(
            name, new Step(stretch.layer(), CodeBlock.of("$N(from, to)", name)), stretch.range());
    if (!stretch.hasJoin()) {
      method.addStatement(run);
      return;
    }
    method.beginControlFlow("if ($N.piece().isAlone())", ProgramFields.PASS);
    addSteps(method, stretch.calls().stream().filter(Plan.Count.class::isInstance).toList(), last);
    method.addStatement(run);
    method.nextControlFlow("else");
    addSteps(method, stretch.calls(), last);
    method.endControlFlow();
  }

  private static List<String> layers(Plan.Stretch stretch) {
    return stretch.calls().stream().map(Call::layer).distinct().toList();
  }

  /** Adds the methods of the stretches. */
  void addStretches(TypeSpec.Builder type) {
    for (Map.Entry<String, Plan.Stretch> entry : stretches.entrySet()) {
      Plan.Stretch stretch = entry.getValue();
      boolean samples = stretch.range().axis().isBatch();
      String item = samples ? "n" : "c";
      int chunk = stretch.chunk();
      MethodSpec.Builder method =
          MethodSpec.methodBuilder(entry.getKey())
              .addModifiers(Modifier.PRIVATE)
              .addParameter(TypeName.INT, "from")
              .addParameter(TypeName.INT, "to")
              .addJavadoc(
                  "Runs the kernels of $L on $L $L, then on the next, while $L values are in the"
                      + " cache.\n",
                  String.join(", ", layers(stretch)),
                  chunk == 1 ? "a" : chunk,
                  (samples ? "sample" : "channel") + (chunk == 1 ? "" : "s"),
                  chunk == 1 ? "its" : "their");
      method.beginControlFlow("for (int $1L = from; $1L < to; $1L += $2L)", item, chunk);
      method.addStatement("final int end = $T.min($L + $L, to)", Math.class, item, chunk);
      List<Call> runs = new ArrayList<>();
      List<Integer> scales = new ArrayList<>();
      for (int i = 0; i < stretch.calls().size(); i++) {
        if (stretch.calls().get(i) instanceof Plan.Run run) {
          runs.add(run);
          scales.add(stretch.scales().get(i));
        }
      }
      addSteps(
          method,
          runs,
          layers(stretch).size() == 1 ? stretch.layer() : "",
          (call, number) -> {
            int scale = scales.get(number);
            String first = scale == 1 ? item : item + " / " + scale;
            String end = scale == 1 ? "end" : "(end + " + (scale - 1) + ") / " + scale;
            return kernelCall((Plan.Run) call, CodeBlock.of(first), CodeBlock.of(end));
          });
      method.endControlFlow();
      type.addMethod(method.build());
    }
  }

  /** Under what a call runs; neighbours under the same guard share one {@code if}. */
  private record Guard(boolean onlyForInput, boolean leads, Condition when, String layer) {
    static final Guard NONE = new Guard(false, false, Condition.ALWAYS, "");

    static Guard of(Call call) {
      boolean spare = call instanceof Plan.Run run && run.onlyForInput();
      boolean leads = call instanceof Plan.Count || (call instanceof Plan.Run r && r.measures());
      String layer = call.condition() == Condition.ALWAYS ? "" : call.layer();
      return new Guard(spare, leads, call.condition(), layer);
    }
  }

  private CodeBlock condition(Guard guard) {
    List<CodeBlock> parts = new ArrayList<>();
    if (guard.onlyForInput()) {
      parts.add(CodeBlock.of("$N", ProgramFields.WITH_INPUT));
    }
    if (guard.when() != Condition.ALWAYS) {
      parts.add(
          CodeBlock.of(
              "$L$N.isFrozen($L)",
              guard.when() == Condition.NOT_FROZEN ? "!" : "",
              ProgramFields.PASS,
              network.numberOf(guard.layer())));
    }
    if (guard.leads()) {
      parts.add(CodeBlock.of("$N.piece().leads()", ProgramFields.PASS));
    }
    return CodeBlock.join(parts, " && ");
  }

  private String heading(String layer) {
    Node node = nodes.get(layer);
    return node == null ? layer : node.heading();
  }

  private CodeBlock statement(Call call) {
    if (call instanceof Plan.Count count) {
      return CodeBlock.of("$N[$L]++", ProgramFields.COUNTERS, count.counter());
    }
    if (call instanceof Plan.Join join) {
      CodeBlock fields =
          join.fields().stream().map(f -> CodeBlock.of("$N", f)).collect(CodeBlock.joining(", "));
      return switch (join.how()) {
        case MOMENTS ->
            CodeBlock.of(
                "$N.piece().joinMoments($L, $L)",
                ProgramFields.PASS,
                fields,
                join.valuesPerSample());
        case SUMS -> CodeBlock.of("$N.piece().joinSums($L)", ProgramFields.PASS, fields);
      };
    }
    Plan.Run run = (Plan.Run) call;
    return run.range()
        .map(
            range ->
                shared(
                    run.name(),
                    new Step(
                        run.layer(), kernelCall(run, CodeBlock.of("from"), CodeBlock.of("to"))),
                    range))
        .orElseGet(() -> wholeKernelCall(run));
  }

  private CodeBlock wholeKernelCall(Plan.Run run) {
    return kernelCall(
        run, CodeBlock.of("0"), run.items().map(StepsRenderer::extent).orElse(CodeBlock.of("0")));
  }

  /** Has threads share the items of a step. */
  private CodeBlock shared(String base, Step does, Range range) {
    String step = uniqueName(CamelCase.constant(base));
    names.add(step);
    steps.add(does);
    String nanos = range.nanosPerItem() + (isLong(range.nanosPerItem()) ? "L" : "");
    return CodeBlock.of(
        "$N.run(this, $N, $L, $L, $L)",
        ProgramFields.WORKERS,
        step,
        extent(range.axis()),
        range.align(),
        range.perSample()
            ? CodeBlock.of("(long) $N * $L", ProgramFields.BATCH, nanos)
            : CodeBlock.of("$L", nanos));
  }

  /** The number of points of an axis in the call under way. */
  private static CodeBlock extent(Axis axis) {
    if (axis.isFixed()) {
      return CodeBlock.of("$L", axis.extent());
    }
    if (axis.isBatch()) {
      return CodeBlock.of("$N", ProgramFields.BATCH);
    }
    return CodeBlock.of(
        "$T.$L($N, $L)",
        GeneratedNames.BLOCKS,
        axis.isParts() ? "numberOfParts" : "number",
        ProgramFields.BATCH,
        axis.blockNumber());
  }

  private static boolean isLong(long value) {
    return value > Integer.MAX_VALUE;
  }

  private String uniqueName(String base) {
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  private CodeBlock kernelCall(Plan.Run run, CodeBlock from, CodeBlock to) {
    return CodeBlock.of(
        "$T.$N($L)",
        kernels.classOf(run.method()),
        run.method(),
        run.arguments().stream()
            .map(argument -> argument(argument, from, to))
            .collect(CodeBlock.joining(", ")));
  }

  /** Adds the numbers of the steps, and what does a range of each. */
  void addRun(TypeSpec.Builder type) {
    for (int i = 0; i < names.size(); i++) {
      type.addField(
          FieldSpec.builder(
                  TypeName.INT, names.get(i), Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
              .initializer("$L", i)
              .build());
    }
    MethodSpec.Builder run =
        rangeMethod("run").addAnnotation(Override.class).addModifiers(Modifier.PUBLIC);
    List<List<Step>> parts = Parts.of(steps);
    if (parts.size() < 2) {
      addCases(run, 0, steps);
      type.addMethod(run.build());
      return;
    }
    run.beginControlFlow("switch (step / $L)", Parts.MOST_CALLS);
    for (int i = 0; i < parts.size(); i++) {
      String name = "run" + (i + 1);
      run.addStatement("case $L -> $N(step, from, to)", i, name);
      MethodSpec.Builder part = rangeMethod(name).addModifiers(Modifier.PRIVATE);
      addCases(part, i * Parts.MOST_CALLS, parts.get(i));
      type.addMethod(part.build());
    }
    addDefault(run);
    type.addMethod(run.endControlFlow().build());
  }

  private static MethodSpec.Builder rangeMethod(String name) {
    return MethodSpec.methodBuilder(name)
        .addParameter(TypeName.INT, "step")
        .addParameter(TypeName.INT, "from")
        .addParameter(TypeName.INT, "to");
  }

  private void addCases(MethodSpec.Builder method, int number, List<Step> some) {
    method.beginControlFlow("switch (step)");
    String layer = "";
    for (int i = 0; i < some.size(); i++) {
      Step step = some.get(i);
      if (!step.layer().equals(layer)) {
        layer = step.layer();
        method.addComment("$L", heading(layer));
      }
      method.addStatement("case $N -> $L", names.get(number + i), step.statement());
    }
    addDefault(method);
    method.endControlFlow();
  }

  private static void addDefault(MethodSpec.Builder method) {
    method.addStatement(
        "default -> throw new $T($S + step)", IllegalArgumentException.class, "no step ");
  }

  private static CodeBlock argument(Argument argument, CodeBlock from, CodeBlock to) {
    if (argument instanceof Plan.BufferArgument buffer) {
      return CodeBlock.of("$N", buffer.field());
    }
    if (argument instanceof Plan.StateArgument state) {
      return CodeBlock.of("$N", state.array());
    }
    if (argument instanceof Plan.OffsetArgument offset) {
      return CodeBlock.of("$L", offset.offset());
    }
    if (argument instanceof Plan.FromArgument) {
      return from;
    }
    if (argument instanceof Plan.ToArgument) {
      return to;
    }
    if (argument instanceof Plan.BatchArgument) {
      return CodeBlock.of("$N", ProgramFields.BATCH);
    }
    if (argument instanceof Plan.BlocksArgument blocks) {
      return extent(blocks.axis());
    }
    if (argument instanceof Plan.BlockSizeArgument size) {
      return CodeBlock.of(
          "$T.sizeOfParts($N, $L)",
          GeneratedNames.BLOCKS,
          ProgramFields.BATCH,
          size.axis().blockNumber());
    }
    if (argument instanceof Plan.TotalBatchArgument) {
      return CodeBlock.of("$N.piece().totalBatch()", ProgramFields.PASS);
    }
    if (argument instanceof Plan.FirstSampleArgument) {
      return CodeBlock.of("$N.piece().firstSample()", ProgramFields.PASS);
    }
    if (argument instanceof Plan.RandomKeyArgument key) {
      return CodeBlock.of("$N.randomKey($L)", ProgramFields.PASS, key.layerIndex());
    }
    if (argument instanceof Plan.DropProbabilityArgument drop) {
      return CodeBlock.of("$N.dropProbability($L)", ProgramFields.PASS, drop.probability());
    }
    Plan.AverageFactorArgument factor = (Plan.AverageFactorArgument) argument;
    return factor.counter() < 0
        ? CodeBlock.of("$L", factor.momentum())
        : CodeBlock.of("1.0 / $N[$L]", ProgramFields.COUNTERS, factor.counter());
  }
}
