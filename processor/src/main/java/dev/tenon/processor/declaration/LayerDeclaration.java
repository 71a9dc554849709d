package dev.tenon.processor.declaration;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One layer as declared: one abstract method with one layer annotation.
 *
 * @param member the member's number, for {@link SourceRef}
 * @param name the layer's name everywhere: the method's name, or a path such as {@code
 *     layer1.0.bn1}
 * @param attributes the annotation
 * @param returnType qualified name of the method's return type
 * @param from the {@code @From} annotation, if there is one, with the names of layers in it
 * @param method the method's name
 */
public record LayerDeclaration(
    int member,
    String name,
    Attributes attributes,
    String returnType,
    Optional<Attributes> from,
    String method) {
  /** What {@code @From} calls the network's input. */
  public static final String INPUT = "the input";

  /** A layer that reads the one above it. */
  public LayerDeclaration(int member, String name, Attributes attributes, String returnType) {
    this(member, name, attributes, returnType, Optional.empty(), name);
  }

  /**
   * Stands where a member was declared whose layer cannot be told, because of a mistake that has
   * been reported: it keeps its place in the chain, so that nothing is said about the shapes behind
   * it.
   */
  public static LayerDeclaration unreadable(int member, String name) {
    SourceRef ref = new SourceRef(member, "", "");
    return new LayerDeclaration(member, name, new Attributes("", ref, Map.of(), List.of()), "");
  }

  /** The same layer reading others. */
  public LayerDeclaration reading(Optional<Attributes> others) {
    return new LayerDeclaration(member, name, attributes, returnType, others, method);
  }

  /** The same layer with a number in the place of an attribute that is left out. */
  public LayerDeclaration counting(String attribute, int value) {
    return new LayerDeclaration(
        member, name, attributes.without(attribute, value), returnType, from, method);
  }

  /** The same layer with another annotation, and whatever its method returns. */
  public LayerDeclaration with(Attributes others) {
    return new LayerDeclaration(member, name, others, "", from, method);
  }

  /** Whether both are one method: a layer of a block is one at each use. */
  public boolean isDeclaredWith(LayerDeclaration other) {
    return member == other.member && method.equals(other.method);
  }

  /** Whether it is known which layer this is; see {@link #unreadable}. */
  public boolean isReadable() {
    return !annotation().isEmpty();
  }

  /** Names of what it reads, as they are written; empty when that is the layer above. */
  public List<String> sources() {
    return from.map(attributes -> attributes.texts("value")).orElse(List.of());
  }

  /** The declaration on one line: {@code @Add from bn2, relu1}. */
  public String text() {
    return sources().isEmpty()
        ? attributes.toString()
        : attributes + " from " + String.join(", ", sources());
  }

  /** Simple name of the annotation, such as {@code Conv2d}. */
  public String annotation() {
    return attributes.annotation();
  }

  /** The beginning of every message about this layer: {@code @Conv2d on conv1}. */
  public String subject() {
    return "@" + annotation() + " on " + name;
  }
}
