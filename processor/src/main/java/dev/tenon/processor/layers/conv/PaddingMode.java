package dev.tenon.processor.layers.conv;

/** What lies around an image; the names are those of the annotations' enum. */
enum PaddingMode {
  ZEROS,
  /** The image mirrored at its first and last element, which is not repeated. */
  REFLECT,
  /** The first or last element. */
  REPLICATE,
  /** The other side of the image. */
  CIRCULAR;

  /** The most padding that an axis of so many elements can have on a side. */
  long most(int size) {
    return switch (this) {
      case ZEROS, REPLICATE -> Long.MAX_VALUE;
      case REFLECT -> size - 1L;
      case CIRCULAR -> size;
    };
  }
}
