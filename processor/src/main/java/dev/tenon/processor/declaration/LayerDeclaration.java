package dev.tenon.processor.declaration;

import java.util.List;
import java.util.Map;

/**
 * One layer as declared: one abstract method with one layer annotation.
 *
 * @param member the member's number, for {@link SourceRef}
 * @param name the method's name, which is the layer's name everywhere
 * @param attributes the annotation
 * @param returnType qualified name of the method's return type
 */
public record LayerDeclaration(int member, String name, Attributes attributes, String returnType) {
  /**
   * Stands where a member was declared whose layer cannot be told, because of a mistake that has
   * been reported: it keeps its place in the chain, so that nothing is said about the shapes behind
   * it.
   */
  public static LayerDeclaration unreadable(int member, String name) {
    SourceRef ref = new SourceRef(member, "", "");
    return new LayerDeclaration(member, name, new Attributes("", ref, Map.of(), List.of()), "");
  }

  /** Whether it is known which layer this is; see {@link #unreadable}. */
  public boolean isReadable() {
    return !annotation().isEmpty();
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
