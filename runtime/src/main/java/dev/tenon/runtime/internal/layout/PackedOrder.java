package dev.tenon.runtime.internal.layout;

import java.util.BitSet;
import java.util.Objects;

/**
 * Where the elements of one packed tensor lie, relative to its first place. A place is a sum of one
 * term for each axis, so a table for each axis is all there is to know.
 */
public final class PackedOrder {
  private final int[] shape;
  private final int[][] places;
  private final int size;
  private final int elements;
  private final BitSet used;

  /**
   * Takes over the arrays.
   *
   * @param places for each axis and coordinate, the term of the place
   * @param size all places, padding included
   */
  PackedOrder(int[] shape, int[][] places, int size) {
    this.shape = shape;
    this.places = places;
    this.size = size;
    elements = Shapes.size(shape);
    used = new BitSet(size);
    int row = rowLength();
    for (int first = 0; first < elements; first += row) {
      int start = rowPlace(first);
      for (int i = 0; i < row; i++) {
        used.set(start + inRow(i));
      }
    }
  }

  /**
   * The extents.
   *
   * @return a copy
   */
  public int[] shape() {
    return shape.clone();
  }

  /**
   * All places, padding included.
   *
   * @return at least {@link #elements}
   */
  public int size() {
    return size;
  }

  /**
   * The number of elements.
   *
   * @return the product of the extents
   */
  public int elements() {
    return elements;
  }

  /**
   * Length of the last axis: elements that {@link #rowPlace} and {@link #inRow} place.
   *
   * @return 1 for a scalar
   */
  public int rowLength() {
    return shape.length == 0 ? 1 : shape[shape.length - 1];
  }

  /**
   * The terms of all axes but the last, for the row that begins at a row-major index.
   *
   * @param first row-major index of the row's first element
   * @return what {@link #inRow} is added to
   */
  public int rowPlace(int first) {
    int rest = first / Math.max(1, rowLength());
    int place = 0;
    for (int axis = shape.length - 2; axis >= 0; axis--) {
      place += places[axis][rest % shape[axis]];
      rest /= shape[axis];
    }
    return place;
  }

  /**
   * The term of the last axis.
   *
   * @param last coordinate on the last axis
   * @return what is added to {@link #rowPlace}
   */
  public int inRow(int last) {
    return shape.length == 0 ? 0 : places[shape.length - 1][last];
  }

  /**
   * The place of an element by its row-major index.
   *
   * @param index row-major
   * @return from 0
   */
  public int place(int index) {
    int row = rowLength();
    return rowPlace(index - index % row) + inRow(index % row);
  }

  /**
   * The first place that holds no element.
   *
   * @return {@link #size} if there is none
   */
  public int firstPadding() {
    return Math.min(size, used.nextClearBit(0));
  }

  /**
   * Sets all places that hold no element to 0.
   *
   * @param array the elements lie in
   * @param offset of the first place
   */
  public void clearPadding(float[] array, int offset) {
    Objects.requireNonNull(array, "array");
    for (int p = used.nextClearBit(0); p < size; p = used.nextClearBit(p + 1)) {
      array[offset + p] = 0;
    }
  }

  /**
   * Sets all places that hold no element to 0.
   *
   * @param array the elements lie in
   * @param offset of the first place
   */
  public void clearPadding(double[] array, int offset) {
    Objects.requireNonNull(array, "array");
    for (int p = used.nextClearBit(0); p < size; p = used.nextClearBit(p + 1)) {
      array[offset + p] = 0;
    }
  }
}
