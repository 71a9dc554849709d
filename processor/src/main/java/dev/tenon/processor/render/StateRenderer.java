package dev.tenon.processor.render;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.plan.StateOffsets;
import dev.tenon.processor.plan.backend.BackEnd;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/** The declaration of a state, in the order of its entries that a program's kernels expect. */
final class StateRenderer {
  private final Network network;
  private final StateOffsets offsets;
  private final BackEnd.Code backEnd;

  StateRenderer(Network network, StateOffsets offsets, BackEnd.Code backEnd) {
    this.network = network;
    this.offsets = offsets;
    this.backEnd = backEnd;
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
            .addJavadoc(backEnd.words().state());
    addState(type, method);
    type.addMethod(method.build());
  }

  /** One chain of calls, or a method for each of its parts. */
  private void addState(TypeSpec.Builder type, MethodSpec.Builder constructor) {
    CodeBlock builder =
        CodeBlock.of(
            "$T.builder($T.$L).network($S)$L",
            GeneratedNames.STATE,
            GeneratedNames.DTYPE,
            GeneratedNames.dtype(network.real()),
            network.declaration().typeName(),
            new TypedEndsRenderer(network.declaration()).stateEnds());
    List<StateOffsets.Entry> entries = offsets.entries();
    if (entries.size() <= Parts.MOST_CALLS) {
      CodeBlock.Builder chain = CodeBlock.builder().add("return $L", builder);
      entries.forEach(entry -> chain.add("\n    ").add(declare(entry)));
      constructor.addStatement(chain.add("\n    .build(seed)").build());
      return;
    }
    ClassName builderType = GeneratedNames.STATE_BUILDER;
    constructor.addStatement("$T builder = $L", builderType, builder);
    int part = 0;
    for (List<StateOffsets.Entry> some : Parts.of(entries)) {
      String method = "declareState" + ++part;
      constructor.addStatement("$N(builder)", method);
      CodeBlock.Builder chain = CodeBlock.builder().add("builder");
      some.forEach(entry -> chain.add("\n    ").add(declare(entry)));
      type.addMethod(
          MethodSpec.methodBuilder(method)
              .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
              .addParameter(builderType, "builder")
              .addStatement(chain.build())
              .build());
    }
    constructor.addStatement("return builder.build(seed)");
  }

  private static CodeBlock declare(StateOffsets.Entry entry) {
    StateSpec spec = entry.spec();
    CodeBlock dims =
        spec.dims().stream().map(d -> CodeBlock.of("$L", d)).collect(CodeBlock.joining(", "));
    return switch (spec.kind()) {
      case PARAMETER ->
          CodeBlock.of(
              ".parameter($S, $T.$L($L)$L, $L$L)",
              entry.name(),
              GeneratedNames.INITIALIZER,
              spec.init().kind().name().toLowerCase(Locale.ROOT),
              spec.init().value(),
              zeroRow(spec),
              packing(entry),
              dims);
      case RUNNING_STAT ->
          CodeBlock.of(
              ".runningStat($S, $L, $L$L)",
              entry.name(),
              spec.init().value(),
              packing(entry),
              dims);
      case DATA_STAT ->
          CodeBlock.of(".dataStat($S, $L, $L)", entry.name(), spec.init().value(), dims);
      case COUNTER -> CodeBlock.of(".counter($S)", entry.name());
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
