package dev.tenon.processor.render;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.JavaType;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.Surroundings;
import dev.tenon.processor.declaration.UsedTypes;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.ElementType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names in a model, which inherits the members of the network: what it declares is called like
 * nothing else in it, and what it names is written so that nothing the user declares is taken for
 * it. A type that a member type hides is written in full. So is a class whose static methods are
 * called, where a constant is called like it; if that hides the package as well, an object of the
 * runtime's {@code Statics} calls them, as behind {@code new} Java expects nothing but a type.
 */
final class ModelNames {
  private static final ClassName LIST = ClassName.get(List.class);
  private static final ClassName ARRAYS = ClassName.get(Arrays.class);

  /** The classes whose static members a model names. */
  private static final List<ClassName> WITH_STATICS =
      List.of(
          LIST,
          ARRAYS,
          GeneratedNames.DTYPE,
          GeneratedNames.TENSOR_SPEC,
          GeneratedNames.KERNEL_SELECTION,
          GeneratedNames.WORKER_POOL);

  private final NetworkDeclaration declaration;
  private final Surroundings around;
  private final Map<String, String> views = new HashMap<>();
  private final Set<String> qualified;

  ModelNames(Network network) {
    declaration = network.declaration();
    around = declaration.around();
    Set<String> taken = new HashSet<>(ModelFields.OWN);
    declaration.inputs().stream()
        .filter(InputDeclaration::hasMethod)
        .forEach(input -> addView(input.name(), taken));
    network.nodes().forEach(node -> addView(node.name(), taken));
    qualified =
        UsedTypes.inModel().stream()
            .filter(type -> mustBeQualified(type))
            .map(JavaType::simpleName)
            .collect(Collectors.toSet());
  }

  /** A {@code $} stands between the parts of a path. */
  private void addView(String layer, Set<String> taken) {
    String base = layer.replace('.', '$') + "Layer";
    String name = Character.isJavaIdentifierStart(base.codePointAt(0)) ? base : "_" + base;
    String free = name;
    for (int i = 2; !taken.add(free); i++) {
      free = name + i;
    }
    views.put(layer, free);
  }

  private boolean mustBeQualified(JavaType type) {
    String name = type.simpleName();
    return around.types().contains(name)
        || GeneratedNames.beginnings(declaration).contains(name)
        || (isOfUser(name) && !around.isHidden(type.packageName()))
        || (around.fields().contains(name)
            && WITH_STATICS.contains(GeneratedNames.className(type))
            && !isPackageObscured(type.packageName()));
  }

  /** Whether the model names a type of the user's by this name. */
  private boolean isOfUser(String name) {
    return declaration.typesOfUsers().stream().anyMatch(type -> type.outermost().equals(name));
  }

  private boolean isPackageObscured(String packageName) {
    return around.isHidden(packageName)
        || around.fields().contains(Surroundings.first(packageName));
  }

  /** Simple names of the types that are not imported, but written in full. */
  String[] qualified() {
    return qualified.toArray(String[]::new);
  }

  /** The field that holds the view of a layer or an input. */
  String view(String layer) {
    return views.get(layer);
  }

  /** The model's own type, inside its body. */
  ClassName model() {
    return GeneratedNames.inModel(
        declaration,
        new JavaType(declaration.packageName(), GeneratedNames.model(declaration).simpleName()));
  }

  /** The name of a method of the model's own, or of the first of several that are numbered. */
  String method(String base) {
    String name = base;
    while (isTaken(name)) {
      name += "_";
    }
    return name;
  }

  private boolean isTaken(String name) {
    return around.methods().stream()
        .anyMatch(
            method ->
                method.startsWith(name)
                    && method.substring(name.length()).chars().allMatch(Character::isDigit));
  }

  private boolean isObscured(ClassName type) {
    return around
        .fields()
        .contains(
            qualified.contains(type.simpleName())
                ? Surroundings.first(type.packageName())
                : type.simpleName());
  }

  // ------------------------------------------------------------------------- static members

  /** {@code List.of(elements)}. */
  CodeBlock listOf(CodeBlock elements) {
    return isObscured(LIST)
        ? CodeBlock.of("new $T().list($L)", GeneratedNames.STATICS, elements)
        : CodeBlock.of("$T.of($L)", LIST, elements);
  }

  /** {@code TensorSpec.of(name, DType.FLOAT32, sizes)}. */
  CodeBlock realSpec(String name, ElementType real, CodeBlock sizes) {
    if (isObscured(GeneratedNames.TENSOR_SPEC) || isObscured(GeneratedNames.DTYPE)) {
      return CodeBlock.of(
          "new $T().$L($S$L)",
          GeneratedNames.STATICS,
          real == ElementType.FLOAT ? "floats" : "doubles",
          name,
          sizes);
    }
    return CodeBlock.of(
        "$T.of($S, $T.$L$L)",
        GeneratedNames.TENSOR_SPEC,
        name,
        GeneratedNames.DTYPE,
        GeneratedNames.dtype(real),
        sizes);
  }

  /** {@code TensorSpec.indices(name, limit, sizes)}. */
  CodeBlock indexSpec(String name, int limit, CodeBlock sizes) {
    return isObscured(GeneratedNames.TENSOR_SPEC)
        ? CodeBlock.of("new $T().indices($S, $L$L)", GeneratedNames.STATICS, name, limit, sizes)
        : CodeBlock.of("$T.indices($S, $L$L)", GeneratedNames.TENSOR_SPEC, name, limit, sizes);
  }

  /** {@code WorkerPool.shared()}. */
  CodeBlock sharedWorkers() {
    return isObscured(GeneratedNames.WORKER_POOL)
        ? CodeBlock.of("new $T().sharedWorkers()", GeneratedNames.STATICS)
        : CodeBlock.of("$T.shared()", GeneratedNames.WORKER_POOL);
  }

  /** {@code KernelSelection.choose(network, probe)}. */
  CodeBlock choose(String network, CodeBlock probe) {
    return isObscured(GeneratedNames.KERNEL_SELECTION)
        ? CodeBlock.of("new $T().choose($S, $L)", GeneratedNames.STATICS, network, probe)
        : CodeBlock.of("$T.choose($S, $L)", GeneratedNames.KERNEL_SELECTION, network, probe);
  }

  /** {@code Arrays.fill(array, 0)}. */
  CodeBlock clear(CodeBlock array) {
    return isObscured(ARRAYS)
        ? CodeBlock.of("new $T().clear($L)", GeneratedNames.STATICS, array)
        : CodeBlock.of("$T.fill($L, 0)", ARRAYS, array);
  }
}
