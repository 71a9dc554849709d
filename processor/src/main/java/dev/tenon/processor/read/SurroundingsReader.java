package dev.tenon.processor.read;

import dev.tenon.processor.declaration.JavaType;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.Surroundings;
import dev.tenon.processor.declaration.UsedTypes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Reads what stands around the classes that will be generated for a network. */
final class SurroundingsReader {
  private final Elements elements;
  private final GeneratedApi generated;

  SurroundingsReader(Elements elements, GeneratedApi generated) {
    this.elements = elements;
    this.generated = generated;
  }

  Surroundings read(TypeElement type, NetworkDeclaration declaration) {
    Set<String> types = new TreeSet<>();
    Set<String> fields = new TreeSet<>();
    Set<String> methods = new TreeSet<>();
    List<? extends Element> members = elements.getAllMembers(type);
    ElementFilter.fieldsIn(members).stream()
        .filter(SurroundingsReader::isInherited)
        .forEach(field -> fields.add(field.getSimpleName().toString()));
    ElementFilter.methodsIn(members).stream()
        .filter(this::isOfTheUser)
        .forEach(method -> methods.add(method.getSimpleName().toString()));
    addTypes(members, types);
    // The record that stands for a block inherits the block's members.
    for (JavaType named : declaration.typesOfUsers()) {
      TypeElement element = elements.getTypeElement(named.qualifiedName());
      if (element != null && element.getKind() == ElementKind.INTERFACE) {
        addTypes(elements.getAllMembers(element), types);
      }
    }
    Suppressions suppressed = new Suppressions(elements);
    return new Surroundings(
        types, fields, methods, neighbours(type, declaration), suppressed.of(type, declaration));
  }

  private static void addTypes(List<? extends Element> members, Set<String> types) {
    ElementFilter.typesIn(members).stream()
        .filter(SurroundingsReader::isInherited)
        .forEach(member -> types.add(member.getSimpleName().toString()));
  }

  private static boolean isInherited(Element member) {
    return !member.getModifiers().contains(Modifier.PRIVATE);
  }

  /** A method that stands beside those of the model; the abstract ones are layers. */
  private boolean isOfTheUser(ExecutableElement method) {
    TypeElement source = (TypeElement) method.getEnclosingElement();
    return isInherited(method)
        && !method.getModifiers().contains(Modifier.ABSTRACT)
        && !generated.isImplemented(source)
        && !source.getQualifiedName().contentEquals("java.lang.Object");
  }

  private Set<String> neighbours(TypeElement type, NetworkDeclaration declaration) {
    Set<String> roots = new TreeSet<>(UsedTypes.ROOTS);
    for (JavaType named : declaration.allTypesOfUsers()) {
      roots.add(Surroundings.first(named.packageName()));
    }
    roots.remove("");
    PackageElement home = elements.getPackageOf(type);
    Set<String> found = new TreeSet<>();
    for (String name : roots) {
      if (isIn(home, name) || elements.getTypeElement("java.lang." + name) != null) {
        found.add(name);
      }
    }
    UsedTypes.JAVA_LANG.stream().filter(name -> isIn(home, name)).forEach(found::add);
    return found;
  }

  private boolean isIn(PackageElement home, String name) {
    String own = home.isUnnamed() ? name : home.getQualifiedName() + "." + name;
    return elements.getTypeElement(own) != null;
  }
}
