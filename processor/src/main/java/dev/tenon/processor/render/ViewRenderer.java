package dev.tenon.processor.render;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.layer.StateView;
import javax.lang.model.element.Modifier;

/** The views of a model's layers. */
final class ViewRenderer {
  private final Network network;
  private final ModelNames names;

  ViewRenderer(Network network, ModelNames names) {
    this.network = network;
    this.names = names;
  }

  /** Whether the views are made in methods of their own, and so cannot be final. */
  boolean hasManyLayers() {
    return network.nodes().size() > Parts.MOST_CALLS;
  }

  static ClassName viewType(StateView view) {
    return ClassName.get(view.packageName(), view.simpleName());
  }

  void addViews(TypeSpec.Builder type, MethodSpec.Builder constructor) {
    Parts.add(
        type,
        constructor,
        names.method("createViews"),
        // The parameter sets it apart from the method of a layer of that name.
        CodeBlock.of("$N", ModelFields.STATE),
        () ->
            MethodSpec.methodBuilder("createViews")
                .addModifiers(Modifier.PRIVATE)
                .addParameter(GeneratedNames.STATE, ModelFields.STATE),
        network.nodes(),
        this::addView);
  }

  /** Takes over the views of the model {@code whole}. */
  void copyViews(TypeSpec.Builder type, MethodSpec.Builder constructor, TypeName model) {
    Parts.add(
        type,
        constructor,
        names.method("copyViews"),
        CodeBlock.of("whole"),
        () ->
            MethodSpec.methodBuilder("copyViews")
                .addModifiers(Modifier.PRIVATE)
                .addParameter(model, "whole"),
        network.nodes(),
        (method, node) -> {
          String view = names.view(node.name());
          method.addStatement("$N = whole.$N", view, view);
        });
  }

  private void addView(MethodSpec.Builder method, Node node) {
    method.addStatement("$N = $L", names.view(node.name()), newView(node));
    if (node.layer().startsFrozen()) {
      method.addStatement("$N.freeze()", names.view(node.name()));
    }
  }

  private static CodeBlock newView(Node node) {
    CodeBlock.Builder arguments =
        CodeBlock.builder().add("$S, $S", node.name(), node.declaration().annotation());
    if (node.view() != StateView.LAYER) {
      addEntry(arguments, node, "weight", "parameter");
      addEntry(arguments, node, "bias", "parameter");
    }
    if (node.view().showsRunningStats()) {
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
