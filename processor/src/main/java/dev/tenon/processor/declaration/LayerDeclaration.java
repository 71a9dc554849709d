package dev.tenon.processor.declaration;

/**
 * One layer as declared: one abstract method with one layer annotation.
 *
 * @param member the member's number, for {@link SourceRef}
 * @param name the method's name, which is the layer's name everywhere
 * @param attributes the annotation
 * @param returnType qualified name of the method's return type
 */
public record LayerDeclaration(int member, String name, Attributes attributes, String returnType) {
  /** Simple name of the annotation, such as {@code Conv2d}. */
  public String annotation() {
    return attributes.annotation();
  }

  /** The beginning of every message about this layer: {@code @Conv2d on conv1}. */
  public String subject() {
    return "@" + annotation() + " on " + name;
  }
}
