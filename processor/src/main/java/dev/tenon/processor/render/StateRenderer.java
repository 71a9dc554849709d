package dev.tenon.processor.render;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.plan.Assembly;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Routine;
import dev.tenon.processor.plan.StateOffsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/** The declaration of a state, in the order of its entries that a program's kernels expect. */
final class StateRenderer {
  private static final ClassName BUILDER = GeneratedNames.STATE_BUILDER;
  private static final String DECLARE = "declare";

  private final Network network;
  private final Plan plan;
  private final KernelsRenderer kernels;

  StateRenderer(Network network, Plan plan, KernelsRenderer kernels) {
    this.network = network;
    this.plan = plan;
    this.kernels = kernels;
  }

  /**
   * Adds the method that declares the state as the kernels of a program expect it to lie:
   *
   * <pre>
   *     static State state(long seed) { ... }
   * </pre>
   */
  void addDeclaration(TypeSpec.Builder type) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(ModelFields.STATE)
            .addModifiers(Modifier.STATIC)
            .returns(GeneratedNames.STATE)
            .addParameter(TypeName.LONG, "seed")
            .addJavadoc(plan.backEnd().words().state());
    addState(type, method);
    type.addMethod(method.build());
  }

  /** What is declared: a layer by its class, or an entry that is no layer's of any class. */
  private void addState(TypeSpec.Builder type, MethodSpec.Builder method) {
    method.addStatement(
        "final $T builder = $T.builder($T.$L).network($S)$L",
        BUILDER,
        GeneratedNames.STATE,
        GeneratedNames.DTYPE,
        GeneratedNames.dtype(network.real()),
        network.declaration().typeName(),
        new TypedEndsRenderer(network.declaration()).stateEnds());
    Parts.add(
        type,
        method,
        "declareState",
        CodeBlock.of("builder"),
        () ->
            MethodSpec.methodBuilder("declareState")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .addParameter(BUILDER, "builder"),
        declarations(),
        MethodSpec.Builder::addStatement);
    method.addStatement("return builder.build(seed)");
  }

  private List<CodeBlock> declarations() {
    Map<String, ClassName> classes = new HashMap<>();
    for (Assembly.Instance instance : plan.assembly().instances()) {
      classes.put(instance.layer(), kernels.classOf(instance.routine()));
    }
    List<CodeBlock> declarations = new ArrayList<>();
    int next = 0;
    List<StateOffsets.Entry> entries = plan.state().entries();
    for (Network.Node node : network.nodes()) {
      int count = node.layer().state().size();
      ClassName type = classes.get(node.name());
      if (count > 0 && type != null) {
        declarations.add(CodeBlock.of("$T.$N(builder, $S)", type, DECLARE, node.name()));
      } else {
        entries.subList(next, next + count).forEach(entry -> declarations.add(inline(entry)));
      }
      next += count;
    }
    entries.subList(next, entries.size()).forEach(entry -> declarations.add(inline(entry)));
    return declarations;
  }

  private static CodeBlock inline(StateOffsets.Entry entry) {
    return CodeBlock.of("builder$L", declare(entry, CodeBlock.of("$S", entry.name())));
  }

  /**
   * The method of a routine's class that declares the state of a layer:
   *
   * <pre>
   *     static void declare(StateBuilder builder, String path) {
   *       builder.parameter(path + ".weight", Initializer.uniform(0.25), 8, 16);
   *     }
   * </pre>
   */
  static MethodSpec declaration(Routine routine) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(DECLARE)
            .addModifiers(Modifier.STATIC)
            .addParameter(BUILDER, "builder")
            .addParameter(String.class, "path");
    for (StateOffsets.Entry entry : routine.state()) {
      CodeBlock name = CodeBlock.of("path + $S", "." + entry.name());
      method.addStatement("builder$L", declare(entry, name));
    }
    return method.build();
  }

  private static CodeBlock declare(StateOffsets.Entry entry, CodeBlock name) {
    StateSpec spec = entry.spec();
    CodeBlock dims =
        spec.dims().stream().map(d -> CodeBlock.of("$L", d)).collect(CodeBlock.joining(", "));
    return switch (spec.kind()) {
      case PARAMETER ->
          CodeBlock.of(
              ".parameter($L, $T.$L($L)$L, $L$L)",
              name,
              GeneratedNames.INITIALIZER,
              spec.init().kind().name().toLowerCase(Locale.ROOT),
              spec.init().value(),
              zeroRow(spec),
              packing(entry),
              dims);
      case RUNNING_STAT ->
          CodeBlock.of(
              ".runningStat($L, $L, $L$L)", name, spec.init().value(), packing(entry), dims);
      case DATA_STAT -> CodeBlock.of(".dataStat($L, $L, $L)", name, spec.init().value(), dims);
      case COUNTER -> CodeBlock.of(".counter($L)", name);
    };
  }

  /** {@code .zeroRow(row, values)} or nothing. */
  private static CodeBlock zeroRow(StateSpec spec) {
    return spec.init().zeroRow() < 0
        ? CodeBlock.of("")
        : CodeBlock.of(
            ".withZeroRow($L, $L)", spec.init().zeroRow(), spec.count() / spec.dims().get(0));
  }

  /** {@code Packing.of(sizes, axes, steps), } or nothing. */
  private static CodeBlock packing(StateOffsets.Entry entry) {
    return entry
        .packing()
        .map(
            order ->
                CodeBlock.of(
                    "$T.of($L,$W$L,$W$L),$W",
                    GeneratedNames.PACKING,
                    array(order.sizes()),
                    array(order.axes()),
                    array(order.steps())))
        .orElse(CodeBlock.of(""));
  }

  private static CodeBlock array(List<Integer> values) {
    return CodeBlock.of(
        "new int[] {$L}", values.stream().map(String::valueOf).collect(Collectors.joining(", ")));
  }
}
