package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.JavaType;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.declaration.TypeRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
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
   * @param network from whose package generated code will call what attributes name
   * @return empty when a value is missing, of the wrong type or not resolved, all of which javac
   *     reports
   */
  Optional<Attributes> read(AnnotationMirror annotation, int member, Element network) {
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
              .flatMap(v -> convert(v.getValue(), method.getReturnType(), network));
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
  private Optional<Object> convert(Object value, TypeMirror type, Element network) {
    if (type.getKind() == TypeKind.ARRAY) {
      TypeMirror component = ((ArrayType) type).getComponentType();
      List<Object> converted = new ArrayList<>();
      // One value stands for an array of one.
      for (Object part : value instanceof List<?> list ? list : List.of(value)) {
        Optional<Object> one =
            convert(part instanceof AnnotationValue v ? v.getValue() : part, component, network);
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
      case DECLARED -> convertDeclared(value, (DeclaredType) type, network);
      default ->
          throw new IllegalArgumentException("An attribute of type " + type + " has no meaning.");
    };
  }

  private Optional<Object> convertDeclared(Object value, DeclaredType type, Element network) {
    if (value instanceof VariableElement constant) {
      return Optional.of(constant.getSimpleName().toString());
    }
    if (value instanceof TypeMirror named) {
      if (named.getKind() == TypeKind.ERROR) {
        return Optional.empty();
      }
      return Optional.of(
          named instanceof DeclaredType declared
                  && declared.asElement() instanceof TypeElement element
              ? typeRef(element, network)
              : new TypeRef(new JavaType("", named.toString()), List.of()));
    }
    TypeElement attribute = (TypeElement) type.asElement();
    // For what it cannot resolve javac gives a string, whatever the attribute's type.
    return attribute.getQualifiedName().contentEquals("java.lang.String")
        ? only(String.class, value)
        : Optional.empty();
  }

  private TypeRef typeRef(TypeElement type, Element network) {
    PackageElement ours = home(network);
    boolean here = home(type).equals(ours);
    List<TypeRef.StaticMethod> methods =
        ElementFilter.methodsIn(elements.getAllMembers(type)).stream()
            .filter(method -> method.getModifiers().contains(Modifier.STATIC))
            .filter(method -> isCalledBy(method, type))
            .map(
                method ->
                    new TypeRef.StaticMethod(
                        method.getSimpleName().toString(),
                        text(method.getReturnType()),
                        method.getParameters().stream().map(p -> text(p.asType())).toList(),
                        isAccessible(type, here) && isOpen(method, home(method).equals(ours)),
                        method.getThrownTypes().stream()
                            .filter(AttributeReader::isChecked)
                            .map(TypeMirror::toString)
                            .toList()))
            .toList();
    return new TypeRef(
        new JavaType(home(type).getQualifiedName().toString(), NetworkReader.nameInPackage(type)),
        methods);
  }

  private PackageElement home(Element element) {
    return elements.getPackageOf(element);
  }

  /** Static methods of an interface are not inherited. */
  private static boolean isCalledBy(ExecutableElement method, TypeElement type) {
    Element source = method.getEnclosingElement();
    return source.equals(type) || !source.getKind().isInterface();
  }

  /** As Java writes it, without annotations. */
  private static String text(TypeMirror type) {
    return type.getKind().isPrimitive()
        ? type.getKind().name().toLowerCase(Locale.ROOT)
        : type.toString();
  }

  /** Whether a caller must catch it. */
  private static boolean isChecked(TypeMirror thrown) {
    if (thrown instanceof TypeVariable variable) {
      // A call lets it stand for an unchecked exception, if it can.
      String bound = TypeNames.qualified(variable.getUpperBound());
      return isChecked(variable.getUpperBound())
          && !bound.equals("java.lang.Exception")
          && !bound.equals("java.lang.Throwable");
    }
    TypeMirror type = thrown;
    while (type instanceof DeclaredType declared && type.getKind() == TypeKind.DECLARED) {
      String name = TypeNames.qualified(type);
      if (name.equals("java.lang.RuntimeException") || name.equals("java.lang.Error")) {
        return false;
      }
      type = ((TypeElement) declared.asElement()).getSuperclass();
    }
    return thrown.getKind() != TypeKind.ERROR;
  }

  /** Whether it and every type around it is public, or at least not private in the same package. */
  private static boolean isAccessible(TypeElement type, boolean samePackage) {
    for (Element e = type; e.getKind() != ElementKind.PACKAGE; e = e.getEnclosingElement()) {
      if (!isOpen(e, samePackage)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOpen(Element element, boolean samePackage) {
    Set<Modifier> modifiers = element.getModifiers();
    return modifiers.contains(Modifier.PUBLIC)
        || (samePackage && !modifiers.contains(Modifier.PRIVATE));
  }

  private static <T> Optional<Object> only(Class<T> type, Object value) {
    return type.isInstance(value) ? Optional.of(value) : Optional.empty();
  }
}
