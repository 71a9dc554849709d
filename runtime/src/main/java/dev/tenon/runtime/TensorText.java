package dev.tenon.runtime;

/** Writes a tensor as text, of a large one the ends of each axis. */
final class TensorText {
  private static final int SHOWN_ELEMENTS = 64;

  private final Tensor tensor;
  private final int[] shape;
  private final StringBuilder text = new StringBuilder();

  private TensorText(Tensor tensor) {
    this.tensor = tensor;
    shape = tensor.shape();
  }

  /** As {@link Tensor#toString} promises. */
  static String of(Tensor tensor) {
    TensorText it = new TensorText(tensor);
    it.text.append(tensor.describe()).append(' ');
    it.append(0, 0, tensor.size());
    return it.text.toString();
  }

  /** Writes the elements from a row-major index on that lie within some axes. */
  private void append(int axis, int index, int length) {
    if (axis == shape.length) {
      text.append(tensor.text(index));
      return;
    }
    text.append('[');
    int extent = shape[axis];
    int inner = extent == 0 ? 0 : length / extent;
    int shown = tensor.size() <= SHOWN_ELEMENTS ? extent : shape.length <= 2 ? 3 : 1;
    for (int i = 0; i < extent; i++) {
      if (i > 0) {
        text.append(", ");
      }
      if (i == shown && extent > 2 * shown) {
        text.append("..., ");
        i = extent - shown;
      }
      append(axis + 1, index + i * inner, inner);
    }
    text.append(']');
  }
}
