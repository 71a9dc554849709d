package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Component;
import dev.tenon.processor.declaration.JavaType;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.Member;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.RecordType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * What of javac's lint would warn of the user's declarations where generated code uses them: those
 * that are deprecated, and a network that is serializable. What the user has suppressed on the
 * network is suppressed on what is generated for it.
 */
final class Suppressions {
  private final Elements elements;
  private final Set<String> keys = new TreeSet<>();

  Suppressions(Elements elements) {
    this.elements = elements;
  }

  /** The keys, in the order of the alphabet. */
  List<String> of(TypeElement network, NetworkDeclaration declaration) {
    for (Element e = network; e.getKind() != ElementKind.PACKAGE; e = e.getEnclosingElement()) {
      e.getAnnotationMirrors().forEach(this::addSuppressed);
    }
    addMembers(network);
    declaration.typesOfUsers().forEach(this::addType);
    declaration.members().forEach(this::addBlocks);
    declaration.ends().features().ifPresent(this::addRecord);
    declaration.ends().labels().flatMap(labels -> labels.components()).ifPresent(this::addRecord);
    declaration.layers().forEach(this::addFunctions);
    if (isSerializable(network.asType(), new LinkedHashSet<>())) {
      keys.add("serial");
    }
    return List.copyOf(keys);
  }

  private void addSuppressed(AnnotationMirror mirror) {
    if (!TypeNames.qualified(mirror.getAnnotationType()).equals("java.lang.SuppressWarnings")) {
      return;
    }
    for (AnnotationValue values : mirror.getElementValues().values()) {
      if (values.getValue() instanceof List<?> list) {
        list.stream()
            .map(value -> String.valueOf(((AnnotationValue) value).getValue()))
            // Ours begin with a capital.
            .filter(key -> !key.isEmpty() && Character.isLowerCase(key.charAt(0)))
            .forEach(keys::add);
      }
    }
  }

  /** Of a type, and of those around it. */
  private void addType(JavaType named) {
    TypeElement type = elements.getTypeElement(named.qualifiedName());
    for (Element e = type; e instanceof TypeElement; e = e.getEnclosingElement()) {
      addIfDeprecated(e);
    }
  }

  /** Methods that the model overrides, the constructor that it calls. */
  private void addMembers(TypeElement type) {
    type.getEnclosedElements().stream()
        .filter(e -> e instanceof ExecutableElement)
        .forEach(this::addIfDeprecated);
  }

  private void addBlocks(Member member) {
    if (member instanceof Member.BlockMember block) {
      TypeElement type = elements.getTypeElement(block.block());
      if (type != null) {
        addMembers(type);
      }
      block.instances().stream().limit(1).forEach(of -> of.forEach(this::addBlocks));
    }
  }

  private void addRecord(RecordType record) {
    addType(record.type());
    TypeElement type = elements.getTypeElement(record.type().qualifiedName());
    if (type != null) {
      addMembers(type);
    }
    for (Component component : record.components()) {
      if (component instanceof Component.Nested nested) {
        addRecord(nested.type());
      } else if (component instanceof Component.Choice choice) {
        addType(choice.type());
      }
    }
  }

  private void addFunctions(LayerDeclaration layer) {
    for (String name : layer.attributes().values().keySet()) {
      if (layer.attributes().namesType(name)) {
        JavaType named = layer.attributes().type(name).type();
        addType(named);
        TypeElement type = elements.getTypeElement(named.qualifiedName());
        if (type != null) {
          ElementFilter.methodsIn(elements.getAllMembers(type)).stream()
              .filter(m -> layer.attributes().values().containsValue(m.getSimpleName().toString()))
              .forEach(this::addIfDeprecated);
        }
      }
    }
  }

  private void addIfDeprecated(Element element) {
    if (!elements.isDeprecated(element)) {
      return;
    }
    boolean forRemoval =
        element.getAnnotationMirrors().stream()
            .filter(m -> TypeNames.qualified(m.getAnnotationType()).equals("java.lang.Deprecated"))
            .flatMap(mirror -> mirror.getElementValues().entrySet().stream())
            .anyMatch(
                entry ->
                    entry.getKey().getSimpleName().contentEquals("forRemoval")
                        && Boolean.TRUE.equals(entry.getValue().getValue()));
    keys.add(forRemoval ? "removal" : "deprecation");
  }

  private static boolean isSerializable(TypeMirror mirror, Set<String> seen) {
    if (!(mirror instanceof DeclaredType declared)
        || !(declared.asElement() instanceof TypeElement type)
        || !seen.add(type.getQualifiedName().toString())) {
      return false;
    }
    return type.getQualifiedName().contentEquals("java.io.Serializable")
        || isSerializable(type.getSuperclass(), seen)
        || type.getInterfaces().stream().anyMatch(other -> isSerializable(other, seen));
  }
}
