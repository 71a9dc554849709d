package dev.tenon.processor.read;

import dev.tenon.processor.declaration.SourceRef;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/**
 * Turns a named place back into what {@link javax.annotation.processing.Messager} wants: at the
 * attribute's value if written, else its annotation, else the member, else the type.
 */
public final class SourceLocator {
  /**
   * A place as the compiler knows it.
   *
   * @param element the member or type
   * @param annotation the annotation on it, if the message is about one
   * @param value the attribute's value, if it is written
   */
  public record Position(
      Element element, Optional<AnnotationMirror> annotation, Optional<AnnotationValue> value) {}

  private final TypeElement type;
  private final List<? extends Element> members;
  private final int own;

  /**
   * Prepares for one type.
   *
   * @param members its own members, then those of the blocks that it uses and of the records at its
   *     ends
   * @param own how many are its own
   */
  SourceLocator(TypeElement type, List<? extends Element> members, int own) {
    this.type = type;
    this.members = List.copyOf(members);
    this.own = own;
  }

  /**
   * Whether a place is in a block, of whose mistakes every use is told: a member of one, or for a
   * block that comes compiled, the use with an annotation that it does not have.
   */
  public boolean isInBlock(SourceRef ref) {
    return (ref.member() >= own && !isOwn(ref))
        || (ref.member() != SourceRef.TYPE
            && !ref.annotation().isEmpty()
            && locate(ref).annotation().isEmpty());
  }

  /**
   * Whether a place is in a record at an end of the network, of which all its networks are told.
   */
  public boolean isInRecord(SourceRef ref) {
    return ref.member() >= own && !isOwn(ref) && !(element(ref) instanceof ExecutableElement);
  }

  /** Whether it is a member of the network, such as a field behind its methods. */
  private boolean isOwn(SourceRef ref) {
    return type.equals(element(ref).getEnclosingElement());
  }

  /** The network. */
  public TypeElement type() {
    return type;
  }

  /** Finds a place. */
  public Position locate(SourceRef ref) {
    Element element = element(ref);
    Optional<AnnotationMirror> annotation =
        Mirrors.ours(element).stream()
            .filter(mirror -> Mirrors.simpleName(mirror).equals(ref.annotation()))
            .findFirst();
    return new Position(
        element, annotation, annotation.flatMap(mirror -> value(mirror, ref.attribute())));
  }

  /**
   * Whether the user has switched a warning or note off: {@code @SuppressWarnings} with its id on
   * the member, the type or a type around it.
   */
  public boolean isSuppressed(SourceRef ref, String id) {
    for (Element e = element(ref); e != null; e = e.getEnclosingElement()) {
      SuppressWarnings suppressed = e.getAnnotation(SuppressWarnings.class);
      if (suppressed != null && Arrays.asList(suppressed.value()).contains(id)) {
        return true;
      }
    }
    return false;
  }

  private Element element(SourceRef ref) {
    return ref.member() == SourceRef.TYPE ? type : members.get(ref.member());
  }

  /** The value of {@code attribute}, or of {@code attribute[1]} its second one. */
  private static Optional<AnnotationValue> value(AnnotationMirror annotation, String attribute) {
    int bracket = attribute.indexOf('[');
    if (bracket >= 0) {
      int element = Integer.parseInt(attribute, bracket + 1, attribute.length() - 1, 10);
      return value(annotation, attribute.substring(0, bracket))
          .map(
              value ->
                  // One value may be written without braces.
                  value.getValue() instanceof List<?> list
                      ? (AnnotationValue) list.get(element)
                      : value);
    }
    for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry :
        annotation.getElementValues().entrySet()) {
      if (entry.getKey().getSimpleName().contentEquals(attribute)) {
        return Optional.of(entry.getValue());
      }
    }
    return Optional.empty();
  }
}
