package dev.tenon.processor.render;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.plan.NetworkPlan;
import dev.tenon.processor.plan.StateOffsets;
import java.util.List;
import javax.lang.model.element.Modifier;

/** The model's state, the program that works on it, and the views of its layers. */
final class StateRenderer {
  private final NetworkPlan plan;

  StateRenderer(NetworkPlan plan) {
    this.plan = plan;
  }

  /**
   * Declares the state and makes the program, whose kernels expect the state to lie as it is
   * declared here.
   */
  void addStateAndProgram(TypeSpec.Builder type, MethodSpec.Builder constructor) {
    addState(type, constructor);
    addProgram(constructor, CodeBlock.of("$T.shared()", GeneratedNames.WORKER_POOL));
  }

  /** Makes the program of a piece of the model {@code whole}. */
  void addProgramOfPiece(MethodSpec.Builder constructor) {
    addProgram(constructor, CodeBlock.of("whole.$N.workers()", ModelFields.PROGRAM));
  }

  private void addProgram(MethodSpec.Builder constructor, CodeBlock workers) {
    constructor.addStatement(
        "$N = new $T($N, $L)",
        ModelFields.PROGRAM,
        GeneratedNames.plainProgram(plan.network().declaration()),
        ModelFields.STATE,
        workers);
  }

  /** One chain of calls, or a method for each of its parts. */
  private void addState(TypeSpec.Builder type, MethodSpec.Builder constructor) {
    CodeBlock builder =
        CodeBlock.of(
            "$T.builder($T.$L)",
            GeneratedNames.STATE,
            GeneratedNames.DTYPE,
            GeneratedNames.dtype(plan.network().real()));
    List<StateOffsets.Entry> entries = plan.state().entries();
    if (entries.size() <= Parts.MOST_CALLS) {
      CodeBlock.Builder chain = CodeBlock.builder().add("$N = $L", ModelFields.STATE, builder);
      entries.forEach(entry -> chain.add("\n    ").add(declare(entry)));
      constructor.addStatement(chain.add("\n    .build(seed)").build());
      return;
    }
    ClassName builderType = GeneratedNames.STATE.nestedClass("Builder");
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
    constructor.addStatement("$N = builder.build(seed)", ModelFields.STATE);
  }

  private static CodeBlock declare(StateOffsets.Entry entry) {
    StateSpec spec = entry.spec();
    CodeBlock dims =
        spec.dims().stream().map(d -> CodeBlock.of("$L", d)).collect(CodeBlock.joining(", "));
    return switch (spec.kind()) {
      case PARAMETER ->
          CodeBlock.of(
              ".parameter($S, $T.$L($L), $L)",
              entry.name(),
              GeneratedNames.INITIALIZER,
              spec.init().uniform() ? "uniform" : "constant",
              spec.init().value(),
              dims);
      case RUNNING_STAT ->
          CodeBlock.of(".runningStat($S, $L, $L)", entry.name(), spec.init().value(), dims);
      case COUNTER -> CodeBlock.of(".counter($S)", entry.name());
    };
  }

  // ---------------------------------------------------------------------------------- views

  /** Whether the views are made in methods of their own, and so cannot be final. */
  boolean hasManyLayers() {
    return plan.network().nodes().size() > Parts.MOST_CALLS;
  }

  static ClassName viewType(StateView view) {
    return ClassName.get(view.packageName(), view.simpleName());
  }

  void addViews(TypeSpec.Builder type, MethodSpec.Builder constructor) {
    Parts.add(
        type,
        constructor,
        "createViews",
        // The parameter sets it apart from the method of a layer of that name.
        CodeBlock.of("$N", ModelFields.STATE),
        () ->
            MethodSpec.methodBuilder("createViews")
                .addModifiers(Modifier.PRIVATE)
                .addParameter(GeneratedNames.STATE, ModelFields.STATE),
        plan.network().nodes(),
        StateRenderer::addView);
  }

  /** Takes over the views of the model {@code whole}. */
  void copyViews(TypeSpec.Builder type, MethodSpec.Builder constructor, TypeName model) {
    Parts.add(
        type,
        constructor,
        "copyViews",
        CodeBlock.of("whole"),
        () ->
            MethodSpec.methodBuilder("copyViews")
                .addModifiers(Modifier.PRIVATE)
                .addParameter(model, "whole"),
        plan.network().nodes(),
        (method, node) -> {
          String view = ModelFields.view(node.name());
          method.addStatement("$N = whole.$N", view, view);
        });
  }

  private static void addView(MethodSpec.Builder method, Node node) {
    method.addStatement("$N = $L", ModelFields.view(node.name()), newView(node));
    if (node.layer().startsFrozen()) {
      method.addStatement("$N.freeze()", ModelFields.view(node.name()));
    }
  }

  private static CodeBlock newView(Node node) {
    CodeBlock.Builder arguments =
        CodeBlock.builder().add("$S, $S", node.name(), node.declaration().annotation());
    if (node.view() != StateView.LAYER) {
      addEntry(arguments, node, "weight", "parameter");
      addEntry(arguments, node, "bias", "parameter");
    }
    if (node.view() == StateView.BATCH_NORM) {
      addEntry(arguments, node, "running_mean", "runningStat");
      addEntry(arguments, node, "running_var", "runningStat");
      addEntry(arguments, node, "num_batches_tracked", "counter");
    }
    return CodeBlock.of("new $T($L)", viewType(node.view()), arguments.build());
  }

  private static void addEntry(
      CodeBlock.Builder arguments, Node node, String entry, String accessor) {
    if (node.layer().state().stream().anyMatch(spec -> spec.name().equals(entry))) {
      arguments.add(", $N.$L($S)", ModelFields.STATE, accessor, node.name() + "." + entry);
    } else {
      arguments.add(", null");
    }
  }
}
