package dev.tenon.processor.declaration;

/**
 * One input as declared: an abstract method with {@code @Input} or {@code @IndexInput}, or
 * components of the features.
 *
 * @param member the member's number, for {@link SourceRef}
 * @param name the method's name; of components of the features, one of ours
 * @param source what {@code @From} calls it
 * @param attributes the annotation
 * @param returnType qualified name of the method's return type
 * @param layersAbove how many layers stand above it; negative if it stands nowhere
 */
public record InputDeclaration(
    int member,
    String name,
    String source,
    Attributes attributes,
    String returnType,
    int layersAbove) {
  /** Simple name of the annotation for inputs of numbers. */
  public static final String NUMBERS = "Input";

  /** What the only input is called that has no name of its own. */
  public static final String UNNAMED = "input";

  /** Simple name of the annotation for inputs of indices. */
  public static final String INDICES = "IndexInput";

  /** The same input below so many layers. */
  public InputDeclaration below(int layers) {
    return new InputDeclaration(member, name, source, attributes, returnType, layers);
  }

  /** Whether a method declares it. */
  public boolean hasMethod() {
    return member != SourceRef.TYPE;
  }

  public boolean isIndices() {
    return attributes.annotation().equals(INDICES);
  }

  /** The beginning of every message about this input: {@code @Input on image}. */
  public String subject() {
    return "@" + attributes.annotation() + " on " + name;
  }
}
