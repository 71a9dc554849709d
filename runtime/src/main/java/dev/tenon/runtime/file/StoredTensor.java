package dev.tenon.runtime.file;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.text.Quoted;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * A tensor of an open file, its elements one after the other.
 *
 * @param origin the file, for messages
 * @param info what is known of it
 * @param bytes where its elements are
 * @param position of the first
 */
record StoredTensor(String origin, WeightInfo info, Bytes bytes, long position) {
  Tensor read() throws IOException {
    String what = origin + ": the tensor " + Quoted.of(info.name());
    Optional<ElementType> type = ElementType.named(info.type());
    if (type.isEmpty()) {
      throw new WeightsException(
          what
              + " has elements of type "
              + Quoted.of(info.type())
              + ", which is not known; read are "
              + ElementType.readable()
              + ".");
    }
    long[] shape = info.shape();
    int[] extents = new int[shape.length];
    long elements = 1;
    boolean fits = true;
    for (int axis = 0; axis < shape.length; axis++) {
      fits &= shape[axis] <= Integer.MAX_VALUE;
      extents[axis] = (int) shape[axis];
      // A shape with a 0 in it may have what extents it wants beside.
      elements = fits && elements <= Integer.MAX_VALUE ? elements * extents[axis] : elements;
    }
    if (!fits || elements > Integer.MAX_VALUE) {
      throw new WeightsException(
          what
              + " of shape "
              + Arrays.toString(shape)
              + " is too large for a tensor in memory, which has at most "
              + Integer.MAX_VALUE
              + " elements.");
    }
    return Elements.read(what, type.get(), extents, bytes, position);
  }

  void copy(OutputStream out) throws IOException {
    Elements.copy(bytes, position, info.bytes(), out);
  }
}
