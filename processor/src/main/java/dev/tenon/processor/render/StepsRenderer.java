package dev.tenon.processor.render;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Step.Condition;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Plan.Argument;
import dev.tenon.processor.plan.Plan.Call;
import dev.tenon.processor.plan.Plan.Range;
import java.util.ArrayList;
import java.util.List;
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
 */
final class StepsRenderer {
  private final Network network;
  private final KernelsRenderer kernels;

  /** Names of the steps, in the order of their numbers. */
  private final List<String> names = new ArrayList<>();

  private final List<Plan.Run> steps = new ArrayList<>();

  StepsRenderer(Network network, KernelsRenderer kernels) {
    this.network = network;
    this.kernels = kernels;
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
      addSteps(method, parts.get(i));
      type.addMethod(method.build());
    }
  }

  private void addSteps(MethodSpec.Builder method, List<Call> calls) {
    String layer = "";
    Guard open = Guard.NONE;
    for (Call call : calls) {
      Guard guard = Guard.of(call);
      if (!guard.equals(open) && !open.equals(Guard.NONE)) {
        method.endControlFlow();
        open = Guard.NONE;
      }
      if (!call.layer().equals(layer)) {
        layer = call.layer();
        method.addComment("$L", heading(layer));
      }
      if (!guard.equals(open)) {
        method.beginControlFlow("if ($L)", condition(guard));
        open = guard;
      }
      method.addStatement(call(call));
    }
    if (!open.equals(Guard.NONE)) {
      method.endControlFlow();
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
    return network.nodes().stream()
        .filter(node -> node.name().equals(layer))
        .findFirst()
        .map(Node::heading)
        .orElse(layer);
  }

  private CodeBlock call(Call call) {
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
    return run.range().map(range -> shared(run, range)).orElseGet(() -> kernelCall(run));
  }

  private CodeBlock shared(Plan.Run run, Range range) {
    String step = uniqueName(CamelCase.constant(run.name()));
    names.add(step);
    steps.add(run);
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
    for (int i = 2; names.contains(name); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  private CodeBlock kernelCall(Plan.Run run) {
    return CodeBlock.of(
        "$T.$N($L)",
        kernels.classOf(run.method()),
        run.method(),
        run.arguments().stream().map(StepsRenderer::argument).collect(CodeBlock.joining(", ")));
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
    List<List<Plan.Run>> parts = Parts.of(steps);
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

  private void addCases(MethodSpec.Builder method, int number, List<Plan.Run> some) {
    method.beginControlFlow("switch (step)");
    String layer = "";
    for (int i = 0; i < some.size(); i++) {
      Plan.Run run = some.get(i);
      if (!run.layer().equals(layer)) {
        layer = run.layer();
        method.addComment("$L", heading(layer));
      }
      method.addStatement("case $N -> $L", names.get(number + i), kernelCall(run));
    }
    addDefault(method);
    method.endControlFlow();
  }

  private static void addDefault(MethodSpec.Builder method) {
    method.addStatement(
        "default -> throw new $T($S + step)", IllegalArgumentException.class, "no step ");
  }

  private static CodeBlock argument(Argument argument) {
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
      return CodeBlock.of("from");
    }
    if (argument instanceof Plan.ToArgument) {
      return CodeBlock.of("to");
    }
    if (argument instanceof Plan.NumberArgument number) {
      return CodeBlock.of("$L", number.value());
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
