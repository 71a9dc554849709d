package dev.tenon.processor.read;

import java.util.List;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
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

  Unresolved(Elements elements) {
    this.elements = elements;
  }

  /** Whether anything that the reader would look at in this type does not exist. */
  boolean isIn(TypeElement type) {
    if (Mirrors.hasUnresolved(type)
        || hasUnresolvedValue(type)
        || isError(type.getSuperclass())
        || anyError(type.getInterfaces())) {
      return true;
    }
    for (ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements())) {
      if (Mirrors.hasUnresolved(method)
          || hasUnresolvedValue(method)
          || (method.getModifiers().contains(Modifier.ABSTRACT) && isIn(method))) {
        return true;
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
    return Mirrors.ours(element).stream().anyMatch(mirror -> isUnresolved(reader, mirror));
  }

  private static boolean isUnresolved(AttributeReader reader, AnnotationMirror mirror) {
    // A value that is missing will not come from another processor; javac says what to do.
    Map<?, ?> written = mirror.getElementValues();
    return !written.isEmpty() && reader.read(mirror, 0).isEmpty();
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
