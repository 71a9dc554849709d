package dev.tenon.processor.read;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/**
 * The methods that a generated model has besides its layers: those of {@code
 * dev.tenon.runtime.model.SingleModel}, its factory method, and what every object has.
 */
public final class GeneratedApi {
  /** The interface that generated models implement. */
  public static final String SINGLE_MODEL = "dev.tenon.runtime.model.SingleModel";

  /** What models implement whose input or output is a Java type. */
  private static final String TYPED = "dev.tenon.runtime.typed.Typed";

  private static final String FACTORY = "create";

  private static final String LOADER = "load";

  /** What a method may throw that another one hides which throws {@code IOException}. */
  private static final Set<String> WIDE_ENOUGH =
      Set.of("java.io.IOException", "java.lang.Exception", "java.lang.Throwable");

  /** What generated models implement that have several inputs or outputs. */
  public static final String MODEL = "dev.tenon.runtime.model.Model";

  private static final String TENSOR = "dev.tenon.runtime.Tensor";

  /** The methods that take and give tensors. */
  private static final Set<String> PASSES =
      Set.of(
          "forward",
          "forwardEvaluation",
          "backward",
          "backwardToInput",
          "backwardToInputs",
          "predict");

  private final Optional<TypeElement> model;
  private final List<ExecutableElement> modelMethods;
  private final List<ExecutableElement> objectMethods;
  private final Set<String> names = new HashSet<>();
  private final Elements elements;
  private final Types types;

  /** Looks the methods up in the runtime that the user compiles against. */
  public GeneratedApi(Elements elements, Types types) {
    this.elements = elements;
    this.types = types;
    model = Optional.ofNullable(elements.getTypeElement(SINGLE_MODEL));
    modelMethods =
        Stream.of(SINGLE_MODEL, MODEL)
            .map(elements::getTypeElement)
            .filter(Objects::nonNull)
            .flatMap(type -> ElementFilter.methodsIn(type.getEnclosedElements()).stream())
            .toList();
    objectMethods =
        ElementFilter.methodsIn(
            Objects.requireNonNull(elements.getTypeElement("java.lang.Object"))
                .getEnclosedElements());
    names.add(FACTORY);
    Stream.concat(modelMethods.stream(), objectMethods.stream())
        .forEach(method -> names.add(method.getSimpleName().toString()));
  }

  /** The model interface, unless the runtime is missing. */
  public Optional<TypeElement> model() {
    return model;
  }

  /** Whether no layer of a network can have this name. */
  boolean isReserved(String name, TypeElement network) {
    return names.contains(name)
        || typedMethods(network).stream()
            .filter(method -> method.getParameters().isEmpty())
            .anyMatch(method -> method.getSimpleName().contentEquals(name));
  }

  /** The methods that a model has for the Java types at its ends. */
  private List<ExecutableElement> typedMethods(TypeElement network) {
    boolean features = Mirrors.names(network, "features");
    boolean labels = Mirrors.names(network, "labels");
    return Stream.of("Input", "Output", "Model")
        .filter(end -> end.equals("Output") ? labels : features)
        .filter(end -> labels || !end.equals("Model"))
        .map(end -> elements.getTypeElement(TYPED + end))
        .filter(Objects::nonNull)
        .flatMap(type -> ElementFilter.methodsIn(type.getEnclosedElements()).stream())
        .toList();
  }

  /** Whether every object has a method of this name. */
  boolean isOfObject(String name) {
    return objectMethods.stream().anyMatch(method -> method.getSimpleName().contentEquals(name));
  }

  /** Whether an interface declares what every object has, such as {@code String toString()}. */
  boolean isImplementedByObject(ExecutableElement method) {
    return method.getEnclosingElement().getKind().isInterface()
        && objectMethods.stream()
            .filter(own -> own.getModifiers().contains(Modifier.PUBLIC))
            .anyMatch(own -> sameSignature(own, method));
  }

  /** Whether this method cannot stand beside the generated model's own method of its signature. */
  public boolean clashes(ExecutableElement method, TypeElement network) {
    boolean isStatic = method.getModifiers().contains(Modifier.STATIC);
    if (method.getModifiers().contains(Modifier.PRIVATE)
        // Static methods of an interface belong to it alone.
        || (isStatic && method.getEnclosingElement().getKind().isInterface())) {
      return false;
    }
    // A class may well have `static Net create(long seed) { return NetModel.create(seed); }`.
    boolean factory =
        !isStatic
            && method.getSimpleName().contentEquals(FACTORY)
            && method.getParameters().size() == 1
            && method.getParameters().get(0).asType().toString().equals("long");
    return factory
        || clashesWithLoad(method, network)
        || (isStatic && hidesFactory(method, network))
        || Stream.concat(modelMethods.stream(), typedMethods(network).stream())
            .anyMatch(own -> sameSignature(own, method));
  }

  /** Whether the model's factory method cannot hide this static one. */
  private boolean hidesFactory(ExecutableElement method, TypeElement network) {
    Set<Modifier> modifiers = method.getModifiers();
    boolean open = modifiers.contains(Modifier.PUBLIC) || modifiers.contains(Modifier.PROTECTED);
    return method.getSimpleName().contentEquals(FACTORY)
        && method.getParameters().size() == 1
        && method.getParameters().get(0).asType().getKind() == TypeKind.LONG
        && (modifiers.contains(Modifier.FINAL)
            || (open && !NetworkReader.isPublic(network))
            || !types.isSubtype(network.asType(), method.getReturnType()));
  }

  /**
   * Whether a method {@code load(Path)} of a class keeps the model from having its own, which is
   * static, gives the model and throws {@code IOException}. One of the class that is as wide may
   * stay: {@code static Net load(Path path) throws IOException { return NetModel.load(path); }}.
   */
  private boolean clashesWithLoad(ExecutableElement method, TypeElement network) {
    if (!method.getSimpleName().contentEquals(LOADER)
        || method.getParameters().size() != 1
        || !method.getParameters().get(0).asType().toString().equals("java.nio.file.Path")) {
      return false;
    }
    boolean gives = types.isAssignable(network.asType(), method.getReturnType());
    boolean fails =
        method.getThrownTypes().stream().map(Object::toString).anyMatch(WIDE_ENOUGH::contains);
    return !method.getModifiers().contains(Modifier.STATIC) || !gives || !fails;
  }

  /**
   * Whether this method has the signature of one that a model with several inputs or outputs has
   * for its own number of them.
   */
  boolean isPass(ExecutableElement method) {
    return PASSES.contains(method.getSimpleName().toString())
        && !method.getParameters().isEmpty()
        && method.getParameters().stream().allMatch(p -> p.asType().toString().equals(TENSOR));
  }

  /** Whether generated models implement this type anyway. */
  boolean isImplemented(TypeElement type) {
    return type.getQualifiedName().contentEquals(SINGLE_MODEL)
        || type.getQualifiedName().contentEquals(MODEL);
  }

  private boolean sameSignature(ExecutableElement one, ExecutableElement other) {
    if (!one.getSimpleName().equals(other.getSimpleName())
        || one.getParameters().size() != other.getParameters().size()) {
      return false;
    }
    for (int i = 0; i < one.getParameters().size(); i++) {
      VariableElement a = one.getParameters().get(i);
      VariableElement b = other.getParameters().get(i);
      // A type variable stands for one of the network's types.
      boolean isVariable = a.asType().getKind() == TypeKind.TYPEVAR;
      if (isVariable
          ? b.asType().getKind().isPrimitive()
          : !types.isSameType(types.erasure(a.asType()), types.erasure(b.asType()))) {
        return false;
      }
    }
    return true;
  }
}
