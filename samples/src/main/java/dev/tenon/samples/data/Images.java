package dev.tenon.samples.data;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Split;

/** Brings grey images into the form that a network for coloured ones of 32 x 32 pixels reads. */
public final class Images {
  private Images() {}

  /**
   * The digits, each pixel as a square.
   *
   * @return images {@code [count, 3, 32, 32]}, the three channels alike
   */
  public static Split<int[]> digits() {
    Split<int[]> digits = DigitsData.split();
    return new Split<>(enlarged(digits.train(), 4), enlarged(digits.test(), 4));
  }

  /**
   * Puts images into the middle of larger ones.
   *
   * @param grey images {@code [count, 1, height, width]}
   * @param side pixels of a side, at least as many as there are
   * @return images {@code [count, 3, side, side]}, the three channels alike, black around
   */
  public static Dataset<int[]> padded(Dataset<int[]> grey, int side) {
    int height = grey.features().dim(2);
    int width = grey.features().dim(3);
    return placed(grey, side, 1, (side - height) / 2, (side - width) / 2);
  }

  private static Dataset<int[]> enlarged(Dataset<int[]> grey, int factor) {
    return placed(grey, factor * grey.features().dim(2), factor, 0, 0);
  }

  private static Dataset<int[]> placed(
      Dataset<int[]> grey, int side, int factor, int top, int left) {
    int count = grey.size();
    int height = grey.features().dim(2);
    int width = grey.features().dim(3);
    float[] from = grey.features().toFloatArray();
    float[] to = new float[count * 3 * side * side];
    for (int plane = 0; plane < 3 * count; plane++) {
      for (int y = 0; y < factor * height; y++) {
        for (int x = 0; x < factor * width; x++) {
          to[(plane * side + top + y) * side + left + x] =
              from[(plane / 3 * height + y / factor) * width + x / factor];
        }
      }
    }
    return Dataset.of(Tensor.of(to, count, 3, side, side), grey.targets());
  }
}
