package dev.tenon.runtime.internal.layout;

import java.util.Arrays;
import java.util.Objects;

/**
 * How the elements of a parameter or running statistic lie in the model's flat array when they do
 * not lie in row-major order: a permutation with padding in between. Kernels read such an array
 * from front to back; users see tensors of the logical shape, whatever the packing.
 *
 * <p>The packed array has sizes of its own and is row-major in them. Its position {@code [p_0, p_1,
 * ...]} holds the element whose coordinate on axis {@code a} is the sum of {@code p_j * steps[j]}
 * over all {@code j} with {@code axes[j] == a}. Where a coordinate lies outside the logical shape
 * is padding, which is 0 and stays 0.
 *
 * <p>A convolution weight {@code [20, 6, 3, 3]}, in blocks of 16 output channels that are
 * innermost:
 *
 * <pre>{@code
 * Packing.of(new int[] {2, 3, 3, 6, 16}, new int[] {0, 2, 3, 1, 0}, new int[] {16, 1, 1, 1, 1})
 * }</pre>
 */
public final class Packing {
  private final int[] sizes;
  private final int[] axes;
  private final int[] steps;
  private final int size;

  private Packing(int[] sizes, int[] axes, int[] steps) {
    this.sizes = sizes;
    this.axes = axes;
    this.steps = steps;
    this.size = Shapes.size(sizes);
  }

  /**
   * Describes a packing, for any shape that fits it.
   *
   * @param sizes extents of the packed array, each at least 1
   * @param axes for each of them, the logical axis that it belongs to
   * @param steps for each of them, how far one step along it goes on that axis, at least 1
   * @return the packing
   * @throws IllegalArgumentException if the arrays differ in length, a number is too small, or the
   *     sizes have a product that one array cannot hold
   */
  public static Packing of(int[] sizes, int[] axes, int[] steps) {
    Objects.requireNonNull(sizes, "sizes");
    Objects.requireNonNull(axes, "axes");
    Objects.requireNonNull(steps, "steps");
    if (axes.length != sizes.length || steps.length != sizes.length) {
      throw new IllegalArgumentException(
          "Packing: sizes "
              + Shapes.text(sizes)
              + ", axes "
              + Shapes.text(axes)
              + " and steps "
              + Shapes.text(steps)
              + " must have the same length.");
    }
    for (int j = 0; j < sizes.length; j++) {
      if (sizes[j] < 1 || axes[j] < 0 || steps[j] < 1) {
        throw new IllegalArgumentException(
            "Packing: sizes and steps must be at least 1 and axes at least 0, but number "
                + j
                + " of sizes "
                + Shapes.text(sizes)
                + ", axes "
                + Shapes.text(axes)
                + " and steps "
                + Shapes.text(steps)
                + " is not.");
      }
    }
    return new Packing(sizes.clone(), axes.clone(), steps.clone());
  }

  /**
   * The length of the packed array, padding included.
   *
   * @return the product of the sizes
   */
  public int size() {
    return size;
  }

  /**
   * Where each element of a shape lies.
   *
   * @param name of the parameter or statistic, for messages
   * @param shape its extents
   * @return the order
   * @throws IllegalArgumentException if some element has no place, or more than one
   */
  public PackedOrder order(String name, int... shape) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(shape, "shape");
    for (int axis : axes) {
      if (axis >= shape.length) {
        throw unfit(name, shape, "there is no axis " + axis);
      }
    }
    int[][] places = new int[shape.length][];
    for (int axis = 0; axis < shape.length; axis++) {
      places[axis] = new int[shape[axis]];
      Arrays.fill(places[axis], -1);
      enter(name, shape, axis, places[axis], 0, 0, 0);
      for (int at = 0; at < shape[axis]; at++) {
        if (places[axis][at] < 0) {
          throw unfit(name, shape, "coordinate " + at + " of axis " + axis + " has no place");
        }
      }
    }
    return new PackedOrder(shape.clone(), places, size);
  }

  /** Enters, from one size on, all positions that differ in the sizes of one axis only. */
  private void enter(
      String name, int[] shape, int axis, int[] places, int from, long coordinate, int place) {
    int j = from;
    while (j < sizes.length && axes[j] != axis) {
      j++;
    }
    if (j == sizes.length) {
      if (coordinate < places.length) {
        int at = (int) coordinate;
        if (places[at] >= 0) {
          throw unfit(name, shape, "coordinate " + at + " of axis " + axis + " has two places");
        }
        places[at] = place;
      }
      return;
    }
    int stride = 1;
    for (int inner = j + 1; inner < sizes.length; inner++) {
      stride *= sizes[inner];
    }
    for (int p = 0; p < sizes[j]; p++) {
      enter(name, shape, axis, places, j + 1, coordinate + (long) p * steps[j], place + p * stride);
    }
  }

  private IllegalArgumentException unfit(String name, int[] shape, String why) {
    return new IllegalArgumentException(
        name + " " + Shapes.text(shape) + " does not fit its packing " + this + ": " + why + ".");
  }

  /** Sizes, axes and steps. */
  @Override
  public String toString() {
    return "sizes "
        + Shapes.text(sizes)
        + ", axes "
        + Shapes.text(axes)
        + ", steps "
        + Shapes.text(steps);
  }
}
