package dev.tenon.processor.declaration;

/**
 * One input as declared: an abstract method with {@code @Input} or {@code @IndexInput}.
 *
 * @param member the member's number, for {@link SourceRef}
 * @param name the method's name
 * @param attributes the annotation
 * @param returnType qualified name of the method's return type
 * @param layersAbove how many layers stand above it
 */
public record InputDeclaration(
    int member, String name, Attributes attributes, String returnType, int layersAbove) {
  /** Simple name of the annotation for inputs of numbers. */
  public static final String NUMBERS = "Input";

  /** Simple name of the annotation for inputs of indices. */
  public static final String INDICES = "IndexInput";

  /** The same input below so many layers. */
  public InputDeclaration below(int layers) {
    return new InputDeclaration(member, name, attributes, returnType, layers);
  }

  public boolean isIndices() {
    return attributes.annotation().equals(INDICES);
  }

  /** The beginning of every message about this input: {@code @Input on image}. */
  public String subject() {
    return "@" + attributes.annotation() + " on " + name;
  }
}
