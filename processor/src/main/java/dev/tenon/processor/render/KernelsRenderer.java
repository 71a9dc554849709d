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
import dev.tenon.processor.plan.Routine;
import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.processor.render.plain.BroadcastConstants;
import dev.tenon.processor.render.plain.VectorFunctions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** The files with the classes of the routines, which hold the loops. */
final class KernelsRenderer {
  /** Bytecode of one file: people read it, and editors have to open it. */
  private static final int MOST_BYTES_A_FILE = 500_000;

  /** 100 columns without the indentation and the slashes. */
  private static final int COMMENT_WIDTH = 91;

  private final Network network;
  private final BackEnd.Code backEnd;
  private final Plan plan;

  /** The class of each routine, by its name. */
  private final Map<String, ClassName> classOf = new HashMap<>();

  /** The routine that each layer is an instance of. */
  private final Map<String, Routine> routineOf = new HashMap<>();

  /** For each kernel, the routines that call it. */
  private final IdentityHashMap<PlannedKernel, Set<String>> callers = new IdentityHashMap<>();

  private final Map<String, Network.Node> nodes = new HashMap<>();
  private final List<JavaFile> files = new ArrayList<>();

  private final UserCalls users;

  KernelsRenderer(Network network, Plan plan, UserCalls users) {
    this.network = network;
    this.backEnd = plan.backEnd();
    this.plan = plan;
    this.users = users;
    network.nodes().forEach(node -> nodes.put(node.name(), node));
    plan.assembly().routines().forEach(this::noteRoutine);
    List<List<Routine>> classes = classes();
    for (int i = 0; i < classes.size(); i++) {
      ClassName name = GeneratedNames.kernels(network.declaration(), backEnd, i);
      classes.get(i).forEach(r -> classOf.put(r.name(), name.nestedClass(r.name())));
    }
    for (int i = 0; i < classes.size(); i++) {
      addClass(classes.get(i), i == classes.size() - 1);
    }
  }

  private void noteRoutine(Routine routine) {
    routine.layers().forEach(layer -> routineOf.put(layer, routine));
    Stream<Plan.Call> calls =
        Stream.concat(
            routine.sections().stream().flatMap(section -> section.calls().stream()),
            routine.steps().stream().map(Routine.Step::run));
    calls
        .filter(Plan.Run.class::isInstance)
        .map(call -> plan.kernels().get(((Plan.Run) call).kernel()))
        .forEach(
            kernel ->
                callers.computeIfAbsent(kernel, k -> new LinkedHashSet<>()).add(routine.name()));
  }

  /** The routines in classes that javac can take. */
  private List<List<Routine>> classes() {
    List<List<Routine>> classes = new ArrayList<>();
    int bytes = 0;
    for (Routine routine : plan.assembly().routines()) {
      int size =
          routine.kernels().stream()
              .flatMap(kernel -> kernel.methods().stream())
              .mapToInt(BytecodeEstimate::of)
              .sum();
      if (classes.isEmpty() || bytes + size > MOST_BYTES_A_FILE) {
        classes.add(new ArrayList<>());
        bytes = 0;
      }
      classes.get(classes.size() - 1).add(routine);
      bytes += size;
    }
    if (classes.isEmpty()) {
      classes.add(List.of());
    }
    return classes;
  }

  List<JavaFile> files() {
    return List.copyOf(files);
  }

  /** The class of a routine. */
  ClassName classOf(Routine routine) {
    return classOf.get(routine.name());
  }

  /** The class that a kernel is in. */
  ClassName ownerOf(PlannedKernel kernel) {
    return classOf(routineOf.get(kernel.layers().get(0)));
  }

  /** The layer of a name. */
  Network.Node node(String layer) {
    return nodes.get(layer);
  }

  /**
   * Renders one class:
   *
   * <pre>
   *     final class CifarNetKernels {
   *       static final class BatchNorm2dOf16x32x32 implements Work {
   *         ...
   *       }
   *     }
   * </pre>
   */
  private void addClass(List<Routine> routines, boolean withStretches) {
    ClassName name = GeneratedNames.kernels(network.declaration(), backEnd, files.size());
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.FINAL)
            .addAnnotation(generated(network.declaration()))
            .addJavadoc(backEnd.words().loops(), GeneratedNames.model(network.declaration()));
    List<PlannedKernel> kernels =
        routines.stream().flatMap(routine -> routine.kernels().stream()).toList();
    if (kernels.stream().anyMatch(this::callsUser)) {
      suppress(type, network.declaration());
    }
    if (backEnd.lanes() > 1) {
      VectorConstants.add(type, files.isEmpty());
      List<Method> methods = kernels.stream().flatMap(k -> k.methods().stream()).toList();
      BroadcastConstants constants = new BroadcastConstants();
      constants.addFrom(methods);
      VectorFunctions.usedBy(methods, constants).forEach(type::addMethod);
      constants.fields().forEach(type::addField);
    }
    type.addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    routines.stream()
        .map(routine -> new RoutineRenderer(network, plan, this, users, routine).render())
        .forEach(type::addType);
    if (withStretches) {
      ClassName program = GeneratedNames.program(network.declaration(), backEnd);
      plan.assembly().stretches().stream()
          .map(stretch -> new StretchRenderer(program, this, stretch).render())
          .forEach(type::addType);
    }
    files.add(file(network.declaration(), name, type));
  }

  /** Simple names of all classes of routines and stretches. */
  Set<String> typeNames() {
    Set<String> names = new HashSet<>(classOf.keySet());
    plan.assembly().stretches().forEach(stretch -> names.add(stretch.name()));
    return names;
  }

  /** The class of a stretch. */
  ClassName classOf(Routine.Stretch stretch) {
    return GeneratedNames.kernels(network.declaration(), backEnd, files.size() - 1)
        .nestedClass(stretch.name());
  }

  /** Whether a kernel calls functions of the user's. */
  private boolean callsUser(PlannedKernel kernel) {
    return kernel.layers().stream()
        .map(layer -> network.nodes().get(network.numberOf(layer)))
        .anyMatch(node -> node.declaration().attributes().annotation().equals("Elementwise"));
  }

  /** What a kernel is for, and which other classes call it. */
  List<String> comment(PlannedKernel kernel, Routine owner) {
    List<String> lines = new ArrayList<>(kernel.methods().get(0).comment());
    List<String> others =
        callers.getOrDefault(kernel, Set.of()).stream()
            .filter(name -> !name.equals(owner.name()))
            .toList();
    if (!others.isEmpty()) {
      lines.add("Also for " + RoutineRenderer.names(others) + ".");
    }
    return lines.stream().flatMap(KernelsRenderer::wrapped).toList();
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
