package dev.tenon.processor.declaration;

/**
 * A place in the user's source, named rather than held, so that nothing behind the reader needs the
 * compiler's own types. The reader turns it back into an element, annotation and value.
 *
 * @param member index of the member in {@link NetworkDeclaration#layers()}'s numbering of members,
 *     or {@link #TYPE} for the annotated type itself
 * @param annotation simple name of the annotation on it, or empty for the member itself
 * @param attribute name of the annotation's attribute, or empty for the annotation itself; {@code
 *     value[1]} for the second of its values
 */
public record SourceRef(int member, String annotation, String attribute) {
  /** Number that stands for the annotated type. */
  public static final int TYPE = -1;

  /** The annotated type's own name. */
  public static final SourceRef OF_TYPE = new SourceRef(TYPE, "", "");

  /** The same annotation, at the value of one attribute. */
  public SourceRef at(String attributeName) {
    return new SourceRef(member, annotation, attributeName);
  }

  /** The same annotation, at one of the values of an attribute that takes several. */
  public SourceRef at(String attributeName, int element) {
    return new SourceRef(member, annotation, attributeName + "[" + element + "]");
  }
}
