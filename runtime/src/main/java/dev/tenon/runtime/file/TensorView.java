package dev.tenon.runtime.file;

import java.util.Arrays;

/**
 * A tensor of PyTorch: elements of a storage, some steps from one another along each axis.
 *
 * @param offset the first element of the storage
 * @param strides the step along each axis, in elements
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record TensorView(Storage storage, ElementType type, long offset, long[] shape, long[] strides) {
  /**
   * A view, checked.
   *
   * @param cursor where it was read, for messages
   */
  static TensorView of(
      ByteCursor cursor,
      Storage storage,
      ElementType type,
      long offset,
      long[] shape,
      long[] strides)
      throws WeightsException {
    if (shape.length != strides.length) {
      throw cursor.problem(shown(shape, strides, offset) + ", which need one stride for each axis");
    }
    long there = storage.bytes() / type.bytes();
    boolean empty = false;
    boolean negative = offset < 0;
    for (int axis = 0; axis < shape.length; axis++) {
      empty |= shape[axis] == 0;
      negative |= shape[axis] < 0 || strides[axis] < 0;
    }
    if (negative) {
      throw cursor.problem(shown(shape, strides, offset) + ", of which none may be negative");
    }
    try {
      long elements = 1;
      long last = Math.addExact(offset, storage.viewed());
      for (int axis = 0; axis < shape.length; axis++) {
        elements = Math.multiplyExact(elements, shape[axis]);
        if (!empty) {
          last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
        }
      }
      Math.multiplyExact(elements, type.bytes());
      if (empty ? last > there : last >= there) {
        throw cursor.problem(
            shown(shape, strides, offset)
                + " reaches to element "
                + last
                + " of a storage that has "
                + there);
      }
    } catch (ArithmeticException e) {
      throw new WeightsException(
          cursor
              .problem(shown(shape, strides, offset) + ", which are more than 63 bits count")
              .getMessage(),
          e);
    }
    return new TensorView(storage, type, offset, shape, strides);
  }

  private static String shown(long[] shape, long[] strides, long offset) {
    return "a tensor of shape "
        + shown(shape)
        + ", strides "
        + shown(strides)
        + " and offset "
        + offset;
  }

  private static String shown(long[] numbers) {
    return numbers.length > 16 ? "of " + numbers.length + " axes" : Arrays.toString(numbers);
  }

  long elements() {
    long elements = 1;
    for (long extent : shape) {
      elements *= extent;
    }
    return elements;
  }

  /** Elements of the storage from the first to the last that the view has. */
  long span() {
    long span = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] == 0) {
        return 0;
      }
      span += (shape[axis] - 1) * strides[axis];
    }
    return span;
  }

  /** Whether the elements lie one after the other in row-major order. */
  boolean contiguous() {
    long step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] > 1 && strides[axis] != step) {
        return elements() == 0;
      }
      step *= shape[axis];
    }
    return true;
  }
}
