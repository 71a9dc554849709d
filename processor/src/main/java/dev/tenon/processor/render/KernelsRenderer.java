package dev.tenon.processor.render;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.code.BytecodeEstimate;
import dev.tenon.processor.code.Method;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.UsedTypes;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Plan.PlannedKernel;
import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.processor.render.plain.BroadcastConstants;
import dev.tenon.processor.render.plain.PlainMethods;
import dev.tenon.processor.render.plain.VectorFunctions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** The classes that hold the loops. */
final class KernelsRenderer {
  /** A class file holds at most 65,535 constants; this much code stays far below. */
  private static final int MOST_BYTES_A_CLASS = 500_000;

  private static final int MOST_METHODS_A_CLASS = 2_000;

  /** 100 columns without the indentation and the slashes. */
  private static final int COMMENT_WIDTH = 93;

  private final Network network;
  private final BackEnd.Code backEnd;
  private final Map<String, ClassName> classOf = new HashMap<>();

  /** Layers with a kernel that is named after them. */
  private final Set<String> owners;

  /** Layers by their names. */
  private final Map<String, Integer> numbers = new HashMap<>();

  /** Layers whose heading has been written. */
  private final Set<String> headed = new HashSet<>();

  private final List<JavaFile> files = new ArrayList<>();

  private final UserCalls users;

  KernelsRenderer(Network network, Plan plan, UserCalls users) {
    this.network = network;
    this.backEnd = plan.backEnd();
    this.users = users;
    for (int i = 0; i < network.nodes().size(); i++) {
      numbers.put(network.nodes().get(i).name(), i);
    }
    this.owners =
        plan.kernels().stream().map(kernel -> kernel.layers().get(0)).collect(Collectors.toSet());
    List<PlannedKernel> together = new ArrayList<>();
    int bytes = 0;
    int methods = 0;
    for (PlannedKernel kernel : plan.kernels()) {
      int size = kernel.methods().stream().mapToInt(BytecodeEstimate::of).sum();
      if (!together.isEmpty()
          && (bytes + size > MOST_BYTES_A_CLASS
              || methods + kernel.methods().size() > MOST_METHODS_A_CLASS)) {
        addClass(together);
        together.clear();
        bytes = 0;
        methods = 0;
      }
      together.add(kernel);
      bytes += size;
      methods += kernel.methods().size();
    }
    if (!together.isEmpty()) {
      addClass(together);
    }
  }

  List<JavaFile> files() {
    return List.copyOf(files);
  }

  /** The class that a kernel's method is in. */
  ClassName classOf(String method) {
    return classOf.get(method);
  }

  /**
   * Renders one class:
   *
   * <pre>
   *     final class CifarNetKernels {
   *       static void bn1Statistics(...) {
   *         // bn1: @BatchNorm2d(channels = 16), 16x32x32 -> 16x32x32
   *         // mean[c] and biased variance[c] of ...
   *         ...
   *       }
   *     }
   * </pre>
   */
  private void addClass(List<PlannedKernel> kernels) {
    ClassName name = GeneratedNames.kernels(network.declaration(), backEnd, files.size());
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.FINAL)
            .addAnnotation(generated(network.declaration()))
            .addJavadoc(backEnd.words().loops(), GeneratedNames.model(network.declaration()));
    if (kernels.stream().anyMatch(this::callsUser)) {
      suppress(type, network.declaration());
    }
    if (backEnd.lanes() > 1) {
      VectorConstants.add(type, files.isEmpty());
    }
    for (PlannedKernel kernel : kernels) {
      for (Method method : kernel.methods()) {
        classOf.put(method.name(), name);
        boolean first = method.equals(kernel.methods().get(0));
        List<String> comment = first ? comment(kernel, method) : List.of();
        type.addMethod(
            PlainMethods.render(
                users.direct(method), comment.stream().flatMap(line -> wrapped(line)).toList()));
      }
    }
    if (backEnd.lanes() > 1) {
      List<Method> methods = kernels.stream().flatMap(k -> k.methods().stream()).toList();
      BroadcastConstants constants = new BroadcastConstants();
      constants.addFrom(methods);
      VectorFunctions.usedBy(methods, constants).forEach(type::addMethod);
      constants.fields().forEach(type::addField);
    }
    type.addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    files.add(file(network.declaration(), name, type));
  }

  /** Whether a kernel calls functions of the user's. */
  private boolean callsUser(PlannedKernel kernel) {
    return kernel.layers().stream()
        .map(layer -> network.nodes().get(network.numberOf(layer)))
        .anyMatch(node -> node.declaration().attributes().annotation().equals("Elementwise"));
  }

  /** What a kernel is for; the first one of a layer carries the layer's heading. */
  private List<String> comment(PlannedKernel kernel, Method method) {
    List<String> lines = new ArrayList<>();
    String own = kernel.layers().get(0);
    kernel.layers().stream()
        .filter(layer -> layer.equals(own) || !owners.contains(layer))
        .filter(layer -> numbers.containsKey(layer) && headed.add(layer))
        .sorted(Comparator.comparing(numbers::get))
        .forEach(layer -> lines.add(network.nodes().get(numbers.get(layer)).heading()));
    lines.addAll(method.comment());
    if (kernel.layers().size() > 1) {
      lines.add(
          "Also for "
              + String.join(", ", kernel.layers().subList(1, kernel.layers().size()))
              + ".");
    }
    return lines;
  }

  /** The line in pieces that leave it within the width of a page. */
  private static Stream<String> wrapped(String line) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (String word : line.split(" ", -1)) {
      if (!piece.isEmpty() && piece.length() + 1 + word.length() > COMMENT_WIDTH) {
        pieces.add(piece.toString());
        // What goes on is indented.
        piece.setLength(0);
        piece.append("   ");
      }
      piece.append(piece.isEmpty() ? "" : " ").append(word);
    }
    pieces.add(piece.toString());
    return pieces.stream();
  }

  /** What lint must not ask of a class that names what the user has declared. */
  static void suppress(TypeSpec.Builder type, NetworkDeclaration declaration) {
    List<String> keys = declaration.around().suppressed();
    if (!keys.isEmpty()) {
      type.addAnnotation(
          AnnotationSpec.builder(SuppressWarnings.class)
              .addMember(
                  "value",
                  keys.size() == 1 ? "$L" : "{$L}",
                  keys.stream()
                      .map(key -> CodeBlock.of("$S", key))
                      .collect(CodeBlock.joining(", ")))
              .build());
    }
  }

  static AnnotationSpec generated(NetworkDeclaration declaration) {
    return AnnotationSpec.builder(GeneratedNames.GENERATED)
        .addMember("network", "$S", declaration.typeName())
        .build();
  }

  static JavaFile file(NetworkDeclaration declaration, ClassName name, TypeSpec.Builder type) {
    // A type of the package comes before one of java.lang, but not before one that is imported.
    boolean isHidden =
        declaration.around().neighbours().stream().anyMatch(UsedTypes.JAVA_LANG::contains);
    type.alwaysQualify(GeneratedNames.beginnings(declaration).toArray(String[]::new));
    return JavaFile.builder(name.packageName(), type.build())
        .skipJavaLangImports(!isHidden)
        .indent("  ")
        .build();
  }
}
