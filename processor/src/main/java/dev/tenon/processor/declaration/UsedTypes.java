package dev.tenon.processor.declaration;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The types that generated code names, besides the user's and those that are generated. A name of
 * the user's may be one of these.
 */
public final class UsedTypes {
  /** Of {@code java.lang}, which Java imports after the types of the package. */
  public static final List<String> JAVA_LANG =
      List.of(
          "Boolean",
          "Double",
          "Float",
          "IllegalArgumentException",
          "Math",
          "Override",
          "String",
          "SuppressWarnings",
          "System",
          "Throwable");

  /** The packages. */
  public static final List<String> ROOTS = List.of("dev", "java", "jdk");

  /** What is named inside the model, which inherits names of the network. */
  private static final List<JavaType> MODEL =
      Stream.of(
              of("java.lang", "Boolean", "Override", "String", "Throwable"),
              of("java.io", "IOException"),
              of("java.nio.file", "Path"),
              of("java.util", "Arrays", "List"),
              of("dev.tenon.runtime", "DType", "Tensor", "TensorSpec"),
              of("dev.tenon.runtime.internal.call", "CallBoundary"),
              of(
                  "dev.tenon.runtime.internal.kernel",
                  "KernelSelection",
                  "Pass",
                  "Program",
                  "Statics"),
              of("dev.tenon.runtime.internal.parallel", "BatchPiece", "WorkerPool"),
              of("dev.tenon.runtime.internal.save", "ModelFiles"),
              of("dev.tenon.runtime.layer", "BatchNorm", "InstanceNorm", "Layer", "Norm"),
              of("dev.tenon.runtime.layer", "TrackedNorm", "Weighted"),
              of("dev.tenon.runtime.model", "Model", "PieceExchange", "SingleModel"),
              of("dev.tenon.runtime.state", "State"),
              of("dev.tenon.runtime.typed", "Classification", "FeatureType"),
              of("dev.tenon.runtime.typed", "LabelType", "MultiLabel"))
          .flatMap(List::stream)
          .toList();

  /** What only the head of the model, or another class than the model, names. */
  private static final List<JavaType> BESIDE =
      Stream.of(
              of("java.lang", "Double", "Float", "IllegalArgumentException", "Math"),
              of("java.lang", "SuppressWarnings", "System"),
              of("dev.tenon.runtime.internal", "Generated"),
              of("dev.tenon.runtime.init", "Initializer"),
              of(
                  "dev.tenon.runtime.internal.kernel",
                  "Blocks",
                  "Branchless",
                  "InPlace",
                  "Room",
                  "Rows"),
              of("dev.tenon.runtime.internal.layout", "Packing"),
              of("dev.tenon.runtime.internal.parallel", "Work"),
              of("dev.tenon.runtime.math", "Functions"),
              of("dev.tenon.runtime.random", "Randoms"),
              of("dev.tenon.runtime.state", "StateBuilder"),
              of("dev.tenon.runtime.typed", "Columns", "FeatureInput", "Row"),
              of("dev.tenon.runtime.typed", "TypedInput", "TypedModel", "TypedOutput"),
              of("jdk.incubator.vector", "FloatVector", "IntVector", "VectorMask"),
              of("jdk.incubator.vector", "VectorOperators", "VectorShape", "VectorSpecies"))
          .flatMap(List::stream)
          .toList();

  private UsedTypes() {}

  private static List<JavaType> of(String packageName, String... names) {
    return Stream.of(names).map(name -> new JavaType(packageName, name)).toList();
  }

  /** What is named inside the model. */
  public static List<JavaType> inModel() {
    return MODEL;
  }

  /** Everything that any generated class names. */
  public static List<JavaType> all() {
    return Stream.concat(MODEL.stream(), BESIDE.stream()).toList();
  }

  /** What a class that does nothing but call functions of the user's names. */
  public static List<JavaType> besideFunctions() {
    return BESIDE.stream()
        .filter(type -> List.of("Generated", "SuppressWarnings").contains(type.simpleName()))
        .toList();
  }

  /**
   * Simple names of all, and the first parts of their packages: what a variable of a generated
   * class must not be called.
   */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>(ROOTS);
    all().forEach(type -> names.add(type.simpleName()));
    return names;
  }
}
