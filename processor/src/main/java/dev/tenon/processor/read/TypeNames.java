package dev.tenon.processor.read;

import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** What types are called. */
final class TypeNames {
  private TypeNames() {}

  /** The qualified name of a type; empty for one that does not exist, which javac reports. */
  static String qualified(TypeMirror type) {
    if (type.getKind() == TypeKind.ERROR) {
      return "";
    }
    return type instanceof DeclaredType declared
        ? ((TypeElement) declared.asElement()).getQualifiedName().toString()
        : type.toString();
  }

  /** The type as one writes it, without packages. */
  static String simple(TypeMirror type) {
    return type.toString().replaceAll("[a-z_0-9]+\\.(?=[A-Za-z])", "");
  }

  static boolean isList(TypeMirror type) {
    return type instanceof DeclaredType declared
        && declared.getTypeArguments().size() == 1
        && qualified(type).equals("java.util.List");
  }
}
