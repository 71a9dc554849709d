package dev.tenon.processor.read;

import dev.tenon.processor.declaration.InputDeclaration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Which annotations are ours, by qualified name: the processor links to none of them. */
final class Mirrors {
  static final String PACKAGE = "dev.tenon.annotations";

  /** Simple name of the annotation that makes a type a network. */
  static final String NETWORK = "Network";

  /** Simple name of the annotation that says what a layer reads. */
  static final String FROM = "From";

  /** Simple name of the annotation that makes a type a block. */
  static final String BLOCK = "Block";

  /** Simple name of the annotation that places a block. */
  static final String USE = "Use";

  /** Simple name of the annotation that names a layer in the state dictionary. */
  static final String NAME = "Name";

  /** Simple name of the annotation that leaves a component of a record out. */
  static final String IGNORE = "Ignore";

  /** Simple name of the annotation that says how long an array in a record is. */
  static final String SIZE = "Size";

  /** Simple name of the annotation that makes a layer an output. */
  static final String OUTPUT = "Output";

  /** Simple name of the annotation of attributes that have to be written. */
  static final String REQUIRED = "Required";

  /** Ours that are no layers. */
  static final Set<String> OTHERS =
      Set.of(
          NETWORK,
          BLOCK,
          FROM,
          USE,
          NAME,
          OUTPUT,
          IGNORE,
          SIZE,
          REQUIRED,
          InputDeclaration.NUMBERS,
          InputDeclaration.INDICES);

  private Mirrors() {}

  /** The annotations of {@link #PACKAGE} on an element, in source order. */
  static List<AnnotationMirror> ours(Element element) {
    return element.getAnnotationMirrors().stream()
        .filter(Mirrors::isOurs)
        .map(AnnotationMirror.class::cast)
        .toList();
  }

  /** Those of {@link #ours} that say which layer a method is. */
  static List<AnnotationMirror> layers(Element element) {
    return ours(element).stream().filter(mirror -> !OTHERS.contains(simpleName(mirror))).toList();
  }

  static Optional<AnnotationMirror> network(Element element) {
    return named(element, NETWORK);
  }

  /** The annotation that makes a method an input. */
  static Optional<AnnotationMirror> input(Element element) {
    return named(element, InputDeclaration.NUMBERS)
        .or(() -> named(element, InputDeclaration.INDICES));
  }

  /** The annotation of ours with this simple name. */
  static Optional<AnnotationMirror> named(Element element, String name) {
    return ours(element).stream().filter(mirror -> simpleName(mirror).equals(name)).findFirst();
  }

  /** Whether {@code @Network} names a class in this attribute. */
  static boolean names(Element network, String attribute) {
    return classIn(network, attribute).isPresent();
  }

  /** The class that {@code @Network} names in this attribute. */
  static Optional<TypeMirror> classIn(Element network, String attribute) {
    return network(network)
        .flatMap(
            mirror ->
                mirror.getElementValues().entrySet().stream()
                    .filter(e -> e.getKey().getSimpleName().contentEquals(attribute))
                    .findFirst())
        .map(entry -> entry.getValue().getValue())
        .filter(TypeMirror.class::isInstance)
        .map(TypeMirror.class::cast)
        .filter(type -> type.getKind() != TypeKind.VOID);
  }

  static String simpleName(AnnotationMirror mirror) {
    return mirror.getAnnotationType().asElement().getSimpleName().toString();
  }

  /** {@code head(int)}; what a method's {@code toString} gives is each compiler's own. */
  static String signature(ExecutableElement method) {
    String typed =
        method.getTypeParameters().isEmpty()
            ? ""
            : method.getTypeParameters().stream()
                .map(parameter -> parameter.getSimpleName().toString())
                .collect(Collectors.joining(",", "<", ">"));
    return method.getParameters().stream()
        .map(parameter -> parameter.asType().toString())
        .collect(Collectors.joining(",", typed + method.getSimpleName() + "(", ")"));
  }

  private static boolean isOurs(AnnotationMirror mirror) {
    return mirror.getAnnotationType().getKind() != TypeKind.ERROR
        && mirror.getAnnotationType().asElement() instanceof TypeElement type
        && type.getEnclosingElement() instanceof PackageElement p
        && p.getQualifiedName().contentEquals(PACKAGE);
  }
}
