package dev.tenon.runtime;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors by name that a state can be loaded from, such as {@code dev.tenon.runtime.file.Weights}:
 * what they are is known before they are read.
 */
public interface NamedTensors {
  /**
   * How messages call them: the path of their file.
   *
   * @return not empty
   */
  String origin();

  /**
   * The names, in an order of their own.
   *
   * @return an unmodifiable list
   */
  List<String> names();

  /**
   * The element type that a tensor is read as.
   *
   * @param name one of {@link #names}
   * @return empty if it is listed, but cannot be read
   */
  Optional<DType> dtype(String name);

  /**
   * The extents of a tensor, which may be more than a tensor in memory can have.
   *
   * @param name one of {@link #names}
   * @return a copy
   */
  long[] shape(String name);

  /**
   * Element type and shape, as the file says them.
   *
   * @param name one of {@link #names}
   * @return text for messages, such as {@code BF16 [2, 3]}
   */
  String describe(String name);

  /**
   * Texts that say what the tensors are.
   *
   * @return an unmodifiable map
   */
  Map<String, String> metadata();

  /**
   * Reads some tensors.
   *
   * @param names some of {@link #names}
   * @return by name
   * @throws IOException if they cannot be read
   */
  Map<String, Tensor> tensors(List<String> names) throws IOException;
}
