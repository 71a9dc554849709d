package dev.tenon.runtime;

import dev.tenon.runtime.internal.layout.PackedOrder;
import dev.tenon.runtime.internal.layout.Shapes;
import java.util.Objects;

/** Whether arrays, slices and indices fit a shape. */
final class TensorChecks {
  private TensorChecks() {}

  /** The elements of a shape that a whole array is to have. */
  static int size(int length, int[] shape) {
    int size = Shapes.size(shape);
    if (length != size) {
      throw new IllegalArgumentException(
          "An array of "
              + length
              + " values does not fit shape "
              + Shapes.text(shape)
              + ", which has "
              + size
              + " elements.");
    }
    return size;
  }

  /** The elements of a shape that a slice of an array is to have. */
  static int sliceSize(int length, int offset, int[] shape) {
    int size = Shapes.size(shape);
    if (offset < 0 || offset > length - size) {
      throw new IllegalArgumentException(
          "A view of shape "
              + Shapes.text(shape)
              + " ("
              + size
              + " elements) at offset "
              + offset
              + " does not lie within an array of "
              + length
              + " values.");
    }
    return size;
  }

  static void requirePlaces(int length, int offset, PackedOrder order) {
    int places = Objects.requireNonNull(order, "order").size();
    if (offset < 0 || offset > length - places) {
      throw new IllegalArgumentException(
          places
              + " places at offset "
              + offset
              + " do not lie within an array of "
              + length
              + " values.");
    }
  }

  /** Where an element is, in row-major order. */
  static int rowMajorIndex(int[] shape, int[] index) {
    if (index.length != shape.length) {
      throw new IndexOutOfBoundsException(
          "Index "
              + Shapes.text(index)
              + " has "
              + index.length
              + " numbers, but the tensor's shape "
              + Shapes.text(shape)
              + " has "
              + shape.length
              + ".");
    }
    int at = 0;
    for (int axis = 0; axis < index.length; axis++) {
      if (index[axis] < 0 || index[axis] >= shape[axis]) {
        throw new IndexOutOfBoundsException(
            "Index "
                + Shapes.text(index)
                + " is outside the tensor's shape "
                + Shapes.text(shape)
                + ": on axis "
                + axis
                + ", "
                + index[axis]
                + " is not in [0, "
                + shape[axis]
                + ").");
      }
      at = at * shape[axis] + index[axis];
    }
    return at;
  }
}
