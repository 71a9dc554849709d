package dev.tenon.processor.read;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * Looks for types that do not exist: another processor may be writing them in this round, so that
 * the network can be read in the next.
 */
final class Unresolved {
  private final Elements elements;
  private final Optional<JavacTrees> trees;

  /**
   * Without javac's trees there may be a message too many, and a message about a block stands at
   * its use.
   */
  Unresolved(ProcessingEnvironment environment) {
    this.elements = environment.getElementUtils();
    this.trees = Javac.trees(environment);
  }

  /**
   * Whether one of the element's annotations does not exist (yet). javac of JDK 17 has no mirror
   * for such an annotation, so this looks at the source; an import that is missing would otherwise
   * look like an annotation that is missing.
   */
  boolean hasAnnotation(Element element) {
    if (element.getAnnotationMirrors().stream()
        .map(AnnotationMirror::getAnnotationType)
        .anyMatch(type -> isError(type) && mayBeOurs(type.toString()))) {
      return true;
    }
    return trees.stream()
        .flatMap(source -> source.annotations(element, Unresolved::mayBeOurs))
        .anyMatch(type -> type == null || isError(type));
  }

  /** The simple names of its annotations that do not exist. */
  List<String> missingAnnotations(Element element) {
    return trees.stream()
        .flatMap(source -> source.missingAnnotations(element, Unresolved::mayBeOurs))
        .map(name -> name.substring(name.lastIndexOf('.') + 1))
        .toList();
  }

  /** The arguments of an annotation of ours that have the name of no attribute of it. */
  List<JavacTrees.Argument> unknownArguments(Element element, AnnotationMirror mirror) {
    String simple = Mirrors.simpleName(mirror);
    Set<String> known =
        ElementFilter.methodsIn(mirror.getAnnotationType().asElement().getEnclosedElements())
            .stream()
            .map(method -> method.getSimpleName().toString())
            .collect(Collectors.toSet());
    return trees.stream()
        .flatMap(
            source ->
                source.arguments(
                    element, name -> name.substring(name.lastIndexOf('.') + 1).equals(simple)))
        .filter(argument -> !known.contains(argument.name()))
        .toList();
  }

  /**
   * Whether an annotation that is written like this may say something about a network. One of
   * another package, in full as kapt writes them, does not, and not every compiler says that it is
   * missing.
   */
  private static boolean mayBeOurs(String written) {
    return written.indexOf('.') < 0 || written.startsWith(Mirrors.PACKAGE);
  }

  /** Whether the compilation has the source of this type, so that messages have a place there. */
  boolean hasSource(TypeElement type) {
    return trees.filter(source -> source.hasSource(type)).isPresent();
  }

  /** Whether a type stands within a class that javac has made of a file without one. */
  boolean isInImplicitClass(TypeElement type) {
    Element outermost = type;
    while (outermost.getEnclosingElement() instanceof TypeElement around) {
      outermost = around;
    }
    TypeElement top = (TypeElement) outermost;
    return !top.equals(type) && trees.filter(source -> source.isImplicit(top)).isPresent();
  }

  /** Whether anything that the reader would look at in this type does not exist. */
  boolean isIn(TypeElement type) {
    return isInDeclaration(type) || isInEnds(type, new HashSet<>());
  }

  private boolean isInDeclaration(TypeElement type) {
    if (hasAnnotation(type)
        || hasUnresolvedValue(type)
        || isError(type.getSuperclass())
        || anyError(type.getInterfaces())) {
      return true;
    }
    for (ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements())) {
      if (hasAnnotation(method)
          || hasUnresolvedValue(method)
          || (method.getModifiers().contains(Modifier.ABSTRACT) && isIn(method))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a record at the network's ends, or the network that is its input, names such a type.
   */
  private boolean isInEnds(TypeElement network, Set<TypeElement> networks) {
    networks.add(network);
    Optional<TypeElement> source = classIn(network, "inputFrom");
    return Stream.of("features", "labels")
            .flatMap(end -> classIn(network, end).stream())
            .anyMatch(type -> isInRecord(type))
        || source
            .filter(other -> Mirrors.network(other).isPresent() && !networks.contains(other))
            .filter(other -> isInEnds(other, networks) || isInDeclaration(other))
            .isPresent();
  }

  private static Optional<TypeElement> classIn(TypeElement network, String attribute) {
    return Mirrors.classIn(network, attribute)
        .filter(DeclaredType.class::isInstance)
        .map(mirror -> (TypeElement) ((DeclaredType) mirror).asElement());
  }

  /** Not by recursion: there is no end to how deep records stand within records. */
  private static boolean isInRecord(TypeElement record) {
    Set<TypeElement> records = new HashSet<>(Set.of(record));
    Deque<TypeElement> open = new ArrayDeque<>(records);
    while (!open.isEmpty()) {
      for (RecordComponentElement component : open.removeFirst().getRecordComponents()) {
        TypeMirror type = component.asType();
        if (Mirrors.named(component, Mirrors.IGNORE).isPresent()) {
          continue;
        }
        if (isError(type)) {
          return true;
        }
        if (type instanceof DeclaredType declared
            && declared.asElement() instanceof TypeElement other
            && records.add(other)) {
          open.addLast(other);
        }
      }
    }
    return false;
  }

  /** Whether the signature of this method names a type that does not exist. */
  static boolean isIn(ExecutableElement method) {
    return isError(method.getReturnType())
        || anyError(method.getParameters().stream().map(VariableElement::asType).toList())
        || anyError(method.getThrownTypes())
        || method.getTypeParameters().stream()
            .map(TypeParameterElement::getBounds)
            .anyMatch(Unresolved::anyError);
  }

  private boolean hasUnresolvedValue(Element element) {
    AttributeReader reader = new AttributeReader(elements);
    return Mirrors.ours(element).stream().anyMatch(mirror -> isUnresolved(reader, mirror, element));
  }

  private static boolean isUnresolved(
      AttributeReader reader, AnnotationMirror mirror, Element element) {
    // A value that is missing will not come from another processor; javac says what to do.
    Map<?, ?> written = mirror.getElementValues();
    return !written.isEmpty() && reader.read(mirror, 0, element).isEmpty();
  }

  private static boolean anyError(List<? extends TypeMirror> types) {
    return types.stream().anyMatch(Unresolved::isError);
  }

  private static boolean isError(TypeMirror type) {
    if (type.getKind() == TypeKind.ERROR) {
      return true;
    }
    if (type instanceof ArrayType array) {
      return isError(array.getComponentType());
    }
    return type instanceof DeclaredType declared && anyError(declared.getTypeArguments());
  }
}
