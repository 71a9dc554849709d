package dev.tenon.processor.declaration;

import java.util.List;
import java.util.Set;

/**
 * A network as declared: the annotated type and its layers in source order.
 *
 * @param packageName the package, empty for the unnamed one
 * @param typeName the type's name inside its package, nested types with dots ({@code Nets.Small})
 * @param isInterface whether the type is an interface; otherwise it is an abstract class
 * @param isPublic whether the type and all types around it are public
 * @param attributes the {@code @Network} annotation
 * @param layers the layers in source order
 * @param ownTypes simple names that mean the user's own types inside the generated ones: member
 *     types of the network, and types of its package that are named as one of {@code java.lang}
 */
public record NetworkDeclaration(
    String packageName,
    String typeName,
    boolean isInterface,
    boolean isPublic,
    Attributes attributes,
    List<LayerDeclaration> layers,
    Set<String> ownTypes) {

  public NetworkDeclaration {
    layers = List.copyOf(layers);
    ownTypes = Set.copyOf(ownTypes);
  }

  /** A network without types of its own that are named as what generated code uses. */
  public NetworkDeclaration(
      String packageName,
      String typeName,
      boolean isInterface,
      boolean isPublic,
      Attributes attributes,
      List<LayerDeclaration> layers) {
    this(packageName, typeName, isInterface, isPublic, attributes, layers, Set.of());
  }

  /** The name that generated types start with: nested names joined with {@code _}. */
  public String generatedPrefix() {
    return typeName.replace('.', '_');
  }
}
