package dev.tenon.runtime.file;

import java.util.Optional;

/**
 * Elements of a file of PyTorch, which one tensor or several look at.
 *
 * @param type of the elements; empty where only the tensors know it
 * @param key its name in the file
 * @param elements how many, or bytes if the type is not known
 * @param viewed the first element that is meant, of a view that old versions kept
 */
record Storage(Optional<ElementType> type, String key, long elements, long viewed) {
  /** What it takes in the file. */
  long bytes() {
    return elements * type.map(ElementType::bytes).orElse(1);
  }
}
