package dev.tenon.processor.read;

import java.util.List;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;

/** Which annotations are ours, by qualified name: the processor links to none of them. */
final class Mirrors {
  static final String PACKAGE = "dev.tenon.annotations";

  /** Simple name of the annotation that makes a type a network. */
  static final String NETWORK = "Network";

  private Mirrors() {}

  /** The annotations of {@link #PACKAGE} on an element, in source order. */
  static List<AnnotationMirror> ours(Element element) {
    return element.getAnnotationMirrors().stream()
        .filter(Mirrors::isOurs)
        .map(AnnotationMirror.class::cast)
        .toList();
  }

  /** As {@link #ours}, without {@link #NETWORK}. */
  static List<AnnotationMirror> layers(Element element) {
    return ours(element).stream().filter(mirror -> !simpleName(mirror).equals(NETWORK)).toList();
  }

  static Optional<AnnotationMirror> network(Element element) {
    return ours(element).stream().filter(mirror -> simpleName(mirror).equals(NETWORK)).findFirst();
  }

  static String simpleName(AnnotationMirror mirror) {
    return mirror.getAnnotationType().asElement().getSimpleName().toString();
  }

  private static boolean isOurs(AnnotationMirror mirror) {
    return mirror.getAnnotationType().getKind() != TypeKind.ERROR
        && mirror.getAnnotationType().asElement() instanceof TypeElement type
        && type.getEnclosingElement() instanceof PackageElement p
        && p.getQualifiedName().contentEquals(PACKAGE);
  }
}
