package dev.tenon.processor.layers.reshape;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Axes of which two shapes are made: each axis of either is some neighbouring ones of these merged,
 * so that where an element lies is linear in them. Of 6x4 and 2x12 they are 2x3x4.
 *
 * @param shape the sizes of these axes
 */
record Parts(Shape shape) {
  /**
   * The parts of two shapes with equally many values: one of the two where it will do.
   *
   * @return empty if there are none, as for 2x3 and 3x2
   */
  static Optional<Parts> of(Shape one, Shape other) {
    return Stream.concat(Stream.of(one, other), split(one, other).stream())
        .map(Parts::new)
        .filter(parts -> parts.make(one) && parts.make(other))
        .findFirst();
  }

  /** Where the element at these axes, the batch and one for each part, lies in a shape. */
  Affine[] index(Shape whole, List<Axis> axes) {
    List<Affine> index = new ArrayList<>(List.of(Affine.of(axes.get(0))));
    int begin = 1;
    for (int count : counts(whole).orElseThrow()) {
      index.add(merged(axes.subList(begin, begin + count)));
      begin += count;
    }
    return index.toArray(Affine[]::new);
  }

  /** The number of an element along axes that are merged. */
  static Affine merged(List<Axis> axes) {
    Affine merged = Affine.ZERO;
    for (Axis axis : axes) {
      merged = merged.times(axis.extent()).plus(axis);
    }
    return merged;
  }

  private boolean make(Shape whole) {
    return counts(whole).isPresent();
  }

  /** How many of the parts make each axis of a shape, if they do. */
  private Optional<List<Integer>> counts(Shape whole) {
    List<Integer> counts = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < whole.rank(); axis++) {
      int begin = next;
      long product = 1;
      while (product < whole.size(axis)) {
        product *= shape.size(next++);
      }
      if (product != whole.size(axis)) {
        return Optional.empty();
      }
      // Parts of size 1 belong to any axis: to this one, if more are left than there are axes.
      while (shape.rank() - next >= whole.rank() - axis && shape.size(next) == 1) {
        next++;
      }
      counts.add(next - begin);
    }
    return Optional.of(counts);
  }

  /** The sizes into which both shapes can be cut, from the last axis on. */
  private static Optional<Shape> split(Shape one, Shape other) {
    List<Integer> parts = new ArrayList<>();
    int a = one.rank();
    int b = other.rank();
    int left = 1;
    int right = 1;
    while (true) {
      while (left == 1 && a > 0) {
        left = one.size(--a);
      }
      while (right == 1 && b > 0) {
        right = other.size(--b);
      }
      if (left == 1 && right == 1) {
        Collections.reverse(parts);
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Shape(parts));
      }
      int part = Math.min(left, right);
      if (left % part != 0 || right % part != 0) {
        return Optional.empty();
      }
      parts.add(part);
      left /= part;
      right /= part;
    }
  }
}
