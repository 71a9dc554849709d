package dev.tenon.processor.render;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.Step.Condition;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Plan.Argument;
import dev.tenon.processor.plan.Plan.Call;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/** The methods of a program that run its kernels, one after the other, under layers' headings. */
final class StepsRenderer {
  private final Network network;
  private final KernelsRenderer kernels;

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
    return CodeBlock.of(
        "$T.$N($L)",
        kernels.classOf(run.method()),
        run.method(),
        run.arguments().stream().map(StepsRenderer::argument).collect(CodeBlock.joining(", ")));
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
    if (argument instanceof Plan.BatchArgument) {
      return CodeBlock.of("$N", ProgramFields.BATCH);
    }
    if (argument instanceof Plan.BlocksArgument blocks) {
      return blocks.axis().isParts()
          ? CodeBlock.of(
              "$T.numberOfParts($N, $L)",
              GeneratedNames.BLOCKS,
              ProgramFields.BATCH,
              blocks.axis().blockNumber())
          : CodeBlock.of(
              "$T.number($N, $L)",
              GeneratedNames.BLOCKS,
              ProgramFields.BATCH,
              blocks.axis().blockNumber());
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
