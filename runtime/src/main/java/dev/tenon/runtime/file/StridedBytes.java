package dev.tenon.runtime.file;

import java.io.IOException;
import java.util.stream.IntStream;

/**
 * The elements of a view in row-major order, gathered from memory. They are asked for from the
 * first to the last.
 */
final class StridedBytes implements Bytes {
  private final byte[] storage;
  private final int width;
  private final long[] shape;
  private final long[] strides;
  private final long size;

  /** The indices of the next element, and where it lies, in elements. */
  private final long[] index;

  private long element;

  private StridedBytes(byte[] storage, TensorView view) {
    this.storage = storage;
    width = view.type().bytes();
    // Axes of one element only cost time, and a file may have any number of them.
    int[] axes =
        IntStream.range(0, view.shape().length).filter(axis -> view.shape()[axis] != 1).toArray();
    shape = IntStream.of(axes).mapToLong(axis -> view.shape()[axis]).toArray();
    strides = IntStream.of(axes).mapToLong(axis -> view.strides()[axis]).toArray();
    index = new long[shape.length];
    size = view.elements() * width;
  }

  /**
   * Reads what a view spans.
   *
   * @param what the file and the entry, for messages
   * @param start of the view's first element in the file
   */
  static StridedBytes of(String what, TensorView view, Bytes bytes, long start) throws IOException {
    long count = view.span() * view.type().bytes();
    if (count > Integer.MAX_VALUE - 8) {
      throw new WeightsException(
          what
              + " does not lie in row-major order and spans "
              + count
              + " bytes, more than can be put in order in memory: save it with .contiguous().");
    }
    byte[] storage = Memory.array(byte[]::new, (int) count, 1, what);
    bytes.read(start, storage, 0, storage.length);
    return new StridedBytes(storage, view);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, byte[] into, int offset, int count) {
    for (int at = offset; at < offset + count; at += width) {
      int from = (int) (element * width);
      for (int i = 0; i < width; i++) {
        into[at + i] = storage[from + i];
      }
      next();
    }
  }

  private void next() {
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++;
      element += strides[axis];
      if (index[axis] < shape[axis]) {
        return;
      }
      element -= index[axis] * strides[axis];
      index[axis] = 0;
    }
  }

  @Override
  public void close() {
    // The file is closed by who opened it.
  }
}
