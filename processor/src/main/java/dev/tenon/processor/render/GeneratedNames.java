package dev.tenon.processor.render;

import com.palantir.javapoet.ClassName;
import dev.tenon.processor.declaration.JavaType;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.Surroundings;
import dev.tenon.processor.declaration.UsedTypes;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.plan.BackEnds;
import dev.tenon.processor.plan.backend.BackEnd;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Names of the generated types and of what they use of the runtime. */
final class GeneratedNames {
  static final String RUNTIME = "dev.tenon.runtime";
  private static final String STATES = RUNTIME + ".state";
  private static final String LAYERS = RUNTIME + ".layer";
  private static final String MODELS = RUNTIME + ".model";
  private static final String INTERNAL = RUNTIME + ".internal";
  private static final String CALLS = INTERNAL + ".call";
  private static final String KERNELS = INTERNAL + ".kernel";
  private static final String LAYOUT = INTERNAL + ".layout";
  private static final String PARALLEL = INTERNAL + ".parallel";

  static final ClassName TENSOR = ClassName.get(RUNTIME, "Tensor");
  static final ClassName SINGLE_MODEL = ClassName.get(MODELS, "SingleModel");
  static final ClassName MODEL = ClassName.get(MODELS, "Model");
  static final ClassName TENSOR_SPEC = ClassName.get(RUNTIME, "TensorSpec");
  static final ClassName GENERATED = ClassName.get(INTERNAL, "Generated");
  static final ClassName STATE = ClassName.get(STATES, "State");
  static final ClassName STATE_BUILDER = ClassName.get(STATES, "StateBuilder");
  static final ClassName DTYPE = ClassName.get(RUNTIME, "DType");
  static final ClassName LAYER = ClassName.get(LAYERS, "Layer");
  static final ClassName CALL_BOUNDARY = ClassName.get(CALLS, "CallBoundary");
  static final ClassName INITIALIZER = ClassName.get(RUNTIME + ".init", "Initializer");
  static final ClassName BATCH_PIECE = ClassName.get(PARALLEL, "BatchPiece");
  static final ClassName WORK = ClassName.get(PARALLEL, "Work");
  static final ClassName WORKER_POOL = ClassName.get(PARALLEL, "WorkerPool");
  static final ClassName PIECE_EXCHANGE = ClassName.get(MODELS, "PieceExchange");
  static final ClassName PROGRAM = ClassName.get(KERNELS, "Program");
  static final ClassName PASS = ClassName.get(KERNELS, "Pass");
  static final ClassName PACKING = ClassName.get(LAYOUT, "Packing");
  static final ClassName MODEL_FILES = ClassName.get(INTERNAL + ".save", "ModelFiles");
  static final ClassName KERNEL_SELECTION = ClassName.get(KERNELS, "KernelSelection");
  static final ClassName IN_PLACE = ClassName.get(KERNELS, "InPlace");
  static final ClassName ROOM = ClassName.get(KERNELS, "Room");
  static final ClassName BLOCKS = ClassName.get(KERNELS, "Blocks");
  static final ClassName ROWS = ClassName.get(KERNELS, "Rows");

  static final ClassName STATICS = ClassName.get(KERNELS, "Statics");

  private GeneratedNames() {}

  static ClassName className(JavaType type) {
    List<String> names = List.of(type.nameInPackage().split("\\."));
    return ClassName.get(
        type.packageName(), names.get(0), names.subList(1, names.size()).toArray(String[]::new));
  }

  /** The annotated type. */
  static ClassName network(NetworkDeclaration declaration) {
    return users(declaration, new JavaType(declaration.packageName(), declaration.typeName()));
  }

  /**
   * A type of the user's, outside the model's body: in full where it is called like a type that
   * could not be written in full itself.
   */
  static ClassName users(NetworkDeclaration declaration, JavaType type) {
    Surroundings around = declaration.around();
    boolean isTaken =
        UsedTypes.all().stream()
            .filter(used -> used.simpleName().equals(type.outermost()))
            .anyMatch(used -> around.isHidden(used.packageName()));
    return isTaken && !around.isHidden(type.packageName()) ? inFull(type) : className(type);
  }

  /** A type of the user's package, inside the model's body: in full where a member hides it. */
  static ClassName inModel(NetworkDeclaration declaration, JavaType type) {
    return declaration.around().types().contains(type.outermost())
        ? inFull(type)
        : users(declaration, type);
  }

  /** Types that are written in full, as packages of the user's begin with their simple names. */
  static Set<String> beginnings(NetworkDeclaration declaration) {
    Set<String> beginnings =
        declaration.allTypesOfUsers().stream()
            .map(type -> Surroundings.first(type.packageName()))
            .collect(Collectors.toSet());
    return UsedTypes.all().stream()
        .filter(type -> beginnings.contains(type.simpleName()))
        .filter(type -> !declaration.around().isHidden(type.packageName()))
        .map(JavaType::simpleName)
        .collect(Collectors.toSet());
  }

  /** JavaPoet writes the name of a type of the unnamed package as it is. */
  private static ClassName inFull(JavaType type) {
    return ClassName.get("", type.qualifiedName());
  }

  /** A generated class that users do not name: called like nothing that the model inherits. */
  private static ClassName beside(NetworkDeclaration declaration, String suffix) {
    Surroundings around = declaration.around();
    String name = declaration.generatedPrefix() + suffix;
    while (around.types().contains(name) || around.fields().contains(name)) {
      name += "_";
    }
    return ClassName.get(declaration.packageName(), name);
  }

  static ClassName model(NetworkDeclaration declaration) {
    return ClassName.get(declaration.packageName(), declaration.generatedPrefix() + "Model");
  }

  /** How the network runs on a back end. */
  static ClassName program(NetworkDeclaration declaration, BackEnd.Code backEnd) {
    return beside(declaration, backEnd.words().program());
  }

  /** Kernel classes are numbered from the second one on. */
  static ClassName kernels(NetworkDeclaration declaration, BackEnd.Code backEnd, int number) {
    String own = backEnd.words().kernels();
    // Net has NetVectorKernels, and there may be a network NetVector.
    boolean isOther =
        BackEnds.rendered().stream()
            .map(other -> other.words().kernels())
            .filter(other -> other.endsWith(own) && !other.equals(own))
            .map(other -> other.substring(0, other.length() - own.length()))
            .anyMatch(declaration.generatedPrefix()::endsWith);
    return beside(declaration, own + (isOther ? "_" : "") + (number == 0 ? "" : number + 1));
  }

  /** The Java types at the ends. */
  static ClassName ends(NetworkDeclaration declaration) {
    return beside(declaration, "Ends");
  }

  /** What calls functions of the user's for kernels that cannot name their classes. */
  static ClassName calls(NetworkDeclaration declaration) {
    return beside(declaration, "Calls");
  }

  /** The constant of {@code DType}. */
  static String dtype(ElementType real) {
    return real == ElementType.FLOAT ? "FLOAT32" : "FLOAT64";
  }
}
