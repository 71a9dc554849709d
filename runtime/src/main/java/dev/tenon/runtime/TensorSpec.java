package dev.tenon.runtime;

import dev.tenon.runtime.internal.layout.Shapes;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a model takes at an input, or gives at an output: its name, the type of its elements and the
 * shape of one sample. Immutable.
 */
public final class TensorSpec {
  private final String name;
  private final DType dtype;
  private final int[] shape;
  private final int limit;

  private TensorSpec(String name, DType dtype, int[] shape, int limit) {
    this.name = name;
    this.dtype = dtype;
    this.shape = shape.clone();
    this.limit = limit;
  }

  /**
   * An input or output of real numbers.
   *
   * @param name its name
   * @param dtype float32 or float64
   * @param shape of one sample, without the batch axis
   * @return the description
   * @throws IllegalArgumentException for a type of whole numbers
   */
  public static TensorSpec of(String name, DType dtype, int... shape) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(dtype, "dtype");
    Objects.requireNonNull(shape, "shape");
    if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64) {
      throw new IllegalArgumentException(
          "TensorSpec: "
              + name
              + " must be float32 or float64, but is "
              + dtype
              + "; indices come from TensorSpec.indices.");
    }
    return new TensorSpec(name, dtype, shape, 0);
  }

  /**
   * An input of indices.
   *
   * @param name its name
   * @param limit every index is at least 0 and less than this
   * @param shape of one sample, without the batch axis; without any, one index per sample
   * @return the description
   */
  public static TensorSpec indices(String name, int limit, int... shape) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(shape, "shape");
    return new TensorSpec(name, DType.INT32, shape, limit);
  }

  /**
   * The name.
   *
   * @return of the method that declares it; {@code input} for {@code @Network(input = ...)}
   */
  public String name() {
    return name;
  }

  /**
   * The type of the elements.
   *
   * @return int32 for indices, else the model's type
   */
  public DType dtype() {
    return dtype;
  }

  /**
   * The shape of one sample.
   *
   * @return a copy, without the batch axis
   */
  public int[] shape() {
    return shape.clone();
  }

  /**
   * The number of axes of a sample.
   *
   * @return 0 if a sample is a scalar
   */
  public int rank() {
    return shape.length;
  }

  /**
   * The extent of one of a sample's axes.
   *
   * @param axis from 0, without the batch axis
   * @return the extent
   * @throws IndexOutOfBoundsException if there is no such axis
   */
  public int dim(int axis) {
    return shape[axis];
  }

  /**
   * Whether the elements are indices.
   *
   * @return true for an input that embeddings read
   */
  public boolean isIndices() {
    return dtype == DType.INT32;
  }

  /**
   * What all indices are less than.
   *
   * @return the rows of the smallest embedding that reads them; 0 for real numbers
   */
  public int limit() {
    return limit;
  }

  /**
   * Whether a tensor has the shape of a batch of these.
   *
   * @param tensor of any type
   * @return true if all axes but the first have the extents of {@link #shape}
   */
  public boolean isBatchOf(Tensor tensor) {
    Objects.requireNonNull(tensor, "tensor");
    if (tensor.rank() != shape.length + 1) {
      return false;
    }
    for (int axis = 0; axis < shape.length; axis++) {
      if (tensor.dim(axis + 1) != shape[axis]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Checks that all elements of a tensor are indices in range.
   *
   * @param network name of the network, for the message
   * @param tensor {@code [batch, ...]} of int32
   * @throws IllegalArgumentException for the first that is not, with its sample and the range
   */
  public void requireIndices(String network, Tensor tensor) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(tensor, "tensor");
    int[] values = tensor.intArray();
    int from = tensor.offset();
    for (int i = 0; i < tensor.size(); i++) {
      int value = values[from + i];
      if (value < 0 || value >= limit) {
        int perSample = tensor.size() / tensor.dim(0);
        throw new IllegalArgumentException(
            network
                + ": index "
                + value
                + " in sample "
                + i / perSample
                + (perSample == 1 ? "" : " at position " + i % perSample)
                + " of the input "
                + name
                + " is outside [0, "
                + limit
                + "), the rows of its embedding.");
      }
    }
  }

  /** Returns name, type and shape, such as {@code image float32 [batch, 3, 32, 32]}. */
  @Override
  public String toString() {
    return name + " " + dtype + " " + Shapes.batchText(shape);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorSpec spec
        && name.equals(spec.name)
        && dtype == spec.dtype
        && limit == spec.limit
        && Arrays.equals(shape, spec.shape);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(shape);
  }
}
