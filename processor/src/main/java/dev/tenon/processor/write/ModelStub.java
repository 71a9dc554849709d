package dev.tenon.processor.write;

import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.read.GeneratedApi;
import dev.tenon.processor.read.NetworkReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/**
 * Stands in for the model of a network that is wrong, so that the user's other code finds the class
 * and its methods, and the errors shown are the network's alone.
 *
 * <p>The stub is abstract: it inherits all signatures and has to implement none, whatever is wrong
 * with them.
 */
public final class ModelStub {
  private final Elements elements;
  private final GeneratedApi api;

  /** Prepares a writer of stubs. */
  public ModelStub(Elements elements, Types types) {
    this.elements = elements;
    this.api = new GeneratedApi(elements, types);
  }

  /** The stub for a network. */
  public GeneratedSource of(NetworkDeclaration network, TypeElement type) {
    String name = network.generatedPrefix() + "Model";
    String modifiers = network.isPublic() ? "public abstract" : "abstract";
    String text =
        """
        /** Stands in for the model of {@code %1$s}, which did not compile. */
        %2$s class %3$s%4$s {
          private %3$s() {}

          public static %3$s create(long seed) {
            throw new IllegalStateException("%1$s did not compile; see the errors of the build.");
          }
        }
        """
            .formatted(network.typeName(), modifiers, name, supertypes(type));
    return network.packageName().isEmpty()
        ? new GeneratedSource(name, text)
        : new GeneratedSource(
            network.packageName() + "." + name,
            "package " + network.packageName() + ";\n\n" + text);
  }

  /** The clauses behind the class's name; what cannot be extended is left out. */
  private String supertypes(TypeElement type) {
    List<String> interfaces = new ArrayList<>();
    String extended = "";
    if (isExtensible(type)) {
      if (type.getKind() == ElementKind.INTERFACE) {
        interfaces.add(type.getQualifiedName().toString());
      } else {
        extended = " extends " + type.getQualifiedName();
      }
    }
    Optional<TypeElement> model = api.model();
    if (model.isPresent() && (!isExtensible(type) || goesWithModel(type, model.get()))) {
      interfaces.add(GeneratedApi.MODEL);
    }
    return extended + (interfaces.isEmpty() ? "" : " implements " + String.join(", ", interfaces));
  }

  private static boolean isExtensible(TypeElement type) {
    boolean kind =
        type.getKind() == ElementKind.INTERFACE
            || (type.getKind() == ElementKind.CLASS
                && !type.getModifiers().contains(Modifier.FINAL)
                && !NetworkReader.isInner(type)
                && NetworkReader.hasUsableConstructor(type));
    return kind
        // A raw supertype would be a warning of javac's.
        && type.getTypeParameters().isEmpty()
        && !type.getModifiers().contains(Modifier.SEALED)
        && NetworkReader.privateType(type).isEmpty();
  }

  private boolean goesWithModel(TypeElement type, TypeElement model) {
    for (ExecutableElement method : ElementFilter.methodsIn(elements.getAllMembers(type))) {
      Element source = method.getEnclosingElement();
      if (!source.equals(model) && api.clashes(method)) {
        return false;
      }
    }
    return true;
  }
}
