package dev.tenon.runtime.file;

import java.util.Objects;
import java.util.Optional;

/** How a file of weights is read. Immutable: every method gives new options. */
public final class ReadOptions {
  private static final ReadOptions DEFAULTS =
      new ReadOptions(SafetensorsHeader.LONGEST, Optional.empty());

  private final int headerLimit;
  private final Optional<String> dictionary;

  private ReadOptions(int headerLimit, Optional<String> dictionary) {
    this.headerLimit = headerLimit;
    this.dictionary = dictionary;
  }

  /**
   * The usual options: a header of at most 100,000,000 bytes, and the state dictionary that a
   * checkpoint of PyTorch has.
   *
   * @return the options
   */
  public static ReadOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Takes no larger header: for a service that reads files of strangers. The part of a file that
   * lists its tensors is the header of safetensors and the pickle of PyTorch; what a reader needs
   * for it is less than twice its size.
   *
   * @param bytes at least 2; the default is 100,000,000, which no safetensors file exceeds
   * @return new options
   * @throws IllegalArgumentException if it is out of range
   */
  public ReadOptions headerLimit(int bytes) {
    if (bytes < 2 || bytes > SafetensorsHeader.LONGEST) {
      throw new IllegalArgumentException(
          "headerLimit: must be from 2 to "
              + SafetensorsHeader.LONGEST
              + ", but is "
              + bytes
              + ".");
    }
    return new ReadOptions(bytes, dictionary);
  }

  /**
   * Takes one of several state dictionaries in a checkpoint of PyTorch: {@code
   * dictionary("generator")} where {@code torch.save({"generator": ..., "critic": ...}, path)}
   * wrote it. Has no meaning for safetensors, which have one only.
   *
   * @param key the dictionary's key
   * @return new options
   */
  public ReadOptions dictionary(String key) {
    return new ReadOptions(headerLimit, Optional.of(Objects.requireNonNull(key, "key")));
  }

  int headerLimit() {
    return headerLimit;
  }

  Optional<String> dictionary() {
    return dictionary;
  }
}
