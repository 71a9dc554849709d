package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.SourceRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Annotation values to {@link Attributes}. */
final class AttributeReader {
  private final Elements elements;

  AttributeReader(Elements elements) {
    this.elements = elements;
  }

  /**
   * Reads all values, written and default.
   *
   * @param member number of the annotated member
   * @return empty when a value is missing, of the wrong type or not resolved, all of which javac
   *     reports
   */
  Optional<Attributes> read(AnnotationMirror annotation, int member) {
    Map<String, AnnotationValue> given = new LinkedHashMap<>();
    elements
        .getElementValuesWithDefaults(annotation)
        .forEach((method, value) -> given.put(method.getSimpleName().toString(), value));

    Map<String, Object> values = new LinkedHashMap<>();
    TypeElement declaration = (TypeElement) annotation.getAnnotationType().asElement();
    for (ExecutableElement method : ElementFilter.methodsIn(declaration.getEnclosedElements())) {
      String name = method.getSimpleName().toString();
      Optional<Object> value =
          Optional.ofNullable(given.get(name))
              .flatMap(v -> convert(v.getValue(), method.getReturnType()));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.put(name, value.get());
    }
    List<String> written =
        annotation.getElementValues().keySet().stream()
            .map(method -> method.getSimpleName().toString())
            .toList();
    String simpleName = Mirrors.simpleName(annotation);
    return Optional.of(
        new Attributes(simpleName, new SourceRef(member, simpleName, ""), values, written));
  }

  /** The value as {@link Attributes} keeps it; empty unless it is of the attribute's type. */
  private static Optional<Object> convert(Object value, TypeMirror type) {
    if (type.getKind() == TypeKind.ARRAY) {
      TypeMirror component = ((ArrayType) type).getComponentType();
      List<Object> converted = new ArrayList<>();
      // One value stands for an array of one.
      for (Object part : value instanceof List<?> list ? list : List.of(value)) {
        Optional<Object> one =
            convert(part instanceof AnnotationValue v ? v.getValue() : part, component);
        if (one.isEmpty()) {
          return Optional.empty();
        }
        converted.add(one.get());
      }
      return Optional.of(List.copyOf(converted));
    }
    return switch (type.getKind()) {
      case INT -> only(Integer.class, value);
      case LONG -> only(Long.class, value);
      case DOUBLE -> only(Double.class, value);
      case BOOLEAN -> only(Boolean.class, value);
      case DECLARED -> convertDeclared(value, (DeclaredType) type);
      default ->
          throw new IllegalArgumentException("An attribute of type " + type + " has no meaning.");
    };
  }

  private static Optional<Object> convertDeclared(Object value, DeclaredType type) {
    if (value instanceof VariableElement constant) {
      return Optional.of(constant.getSimpleName().toString());
    }
    if (value instanceof TypeMirror named) {
      return named.getKind() == TypeKind.ERROR ? Optional.empty() : Optional.of(named.toString());
    }
    TypeElement declared = (TypeElement) type.asElement();
    // For what it cannot resolve javac gives a string, whatever the attribute's type.
    return declared.getQualifiedName().contentEquals("java.lang.String")
        ? only(String.class, value)
        : Optional.empty();
  }

  private static <T> Optional<Object> only(Class<T> type, Object value) {
    return type.isInstance(value) ? Optional.of(value) : Optional.empty();
  }
}
