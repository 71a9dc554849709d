package dev.tenon.runtime.file;

import dev.tenon.runtime.DType;
import java.util.Arrays;
import java.util.Optional;

/** What is known of a tensor before it is read. */
public final class WeightInfo {
  private final String name;
  private final String type;
  private final long[] shape;
  private final long bytes;

  WeightInfo(String name, String type, long[] shape, long bytes) {
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.bytes = bytes;
  }

  /**
   * The tensor's name.
   *
   * @return such as {@code conv1.weight}
   */
  public String name() {
    return name;
  }

  /**
   * The element type that the tensor has in its file.
   *
   * @return as safetensors spells it, such as {@code F32} or {@code BF16}
   */
  public String type() {
    return type;
  }

  /**
   * The extents, which may be more than a tensor in memory can have.
   *
   * @return a copy; empty for a scalar
   */
  public long[] shape() {
    return shape.clone();
  }

  /**
   * The number of elements.
   *
   * @return the product of the extents; 1 for a scalar
   */
  public long elements() {
    long elements = 1;
    for (long extent : shape) {
      elements *= extent;
    }
    return elements;
  }

  /**
   * What the elements take in the file.
   *
   * @return bytes
   */
  public long bytes() {
    return bytes;
  }

  /**
   * The element type that {@link Weights#tensor} gives: the smallest that holds every value of the
   * file's type exactly.
   *
   * @return empty if tensors of this type are listed and copied, but not read
   */
  public Optional<DType> tensorType() {
    return ElementType.named(type).flatMap(ElementType::tensorType);
  }

  /** Returns name, type and shape, such as {@code fc.bias F32 [10]}. */
  @Override
  public String toString() {
    return name + " " + type + " " + Arrays.toString(shape);
  }

  WeightInfo renamed(String newName) {
    return new WeightInfo(newName, type, shape, bytes);
  }
}
