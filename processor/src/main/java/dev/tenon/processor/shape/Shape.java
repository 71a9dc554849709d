package dev.tenon.processor.shape;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The per-sample shape of a value that flows between two layers: the sizes of all axes but the
 * batch axis, channels first, for example {@code 3x32x32} for an image.
 *
 * <p>{@link #UNKNOWN} is the shape of a value whose layer was wrong; the layers behind it pass it
 * on without a message, so that one mistake gives one error.
 */
public record Shape(List<Integer> sizes) {
  /** The most axes that a sample has, channels and three spatial ones. */
  public static final int MOST_AXES = 4;

  /** The shape behind a layer that has already been reported. */
  public static final Shape UNKNOWN = new Shape(List.of(-1));

  public Shape {
    sizes = List.copyOf(sizes);
  }

  public static Shape of(int... sizes) {
    return new Shape(IntStream.of(sizes).boxed().toList());
  }

  public boolean isKnown() {
    return !equals(UNKNOWN);
  }

  /** Number of axes without the batch axis: 1 for features, 3 for an image. */
  public int rank() {
    return sizes.size();
  }

  /** Size of the axis with this number, where axis 0 is the first one behind the batch. */
  public int size(int axis) {
    return sizes.get(axis);
  }

  /** Size of axis 0: the channels of an image, the features of a vector. */
  public int channels() {
    return sizes.get(0);
  }

  /** The sizes behind the channel axis. */
  public List<Integer> spatial() {
    return sizes.subList(1, sizes.size());
  }

  /** Values per channel of one sample: the product of the spatial sizes, 1 for a vector. */
  public long spatialCount() {
    return product(spatial());
  }

  /** Values of one sample. */
  public long count() {
    return product(sizes);
  }

  private static long product(List<Integer> sizes) {
    long product = 1;
    for (int size : sizes) {
      product = Math.multiplyExact(product, (long) size);
    }
    return product;
  }

  public int[] toArray() {
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }

  /** As messages write it: {@code 3x32x32}; {@code scalar} for a single value. */
  @Override
  public String toString() {
    if (sizes.isEmpty()) {
      return "scalar";
    }
    return isKnown()
        ? sizes.stream().map(String::valueOf).collect(Collectors.joining("x"))
        : "unknown";
  }

  /** Whether all sizes equal these. */
  public boolean is(int... expected) {
    return Arrays.equals(toArray(), expected);
  }
}
