package dev.tenon.samples.data;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Split;
import java.util.List;
import org.apache.commons.csv.CSVRecord;

/** 1797 handwritten digits as grey images of 8 x 8 pixels. */
public final class DigitsData {
  /** Share of the images that a network is tested by. */
  public static final double TEST_FRACTION = 0.2;

  /** Seed of the one split that all figures of the digits refer to. */
  public static final long SPLIT_SEED = 6;

  private static final int PIXELS = 64;
  private static final float INK = 16;

  private DigitsData() {}

  /**
   * All images, in the order of the file.
   *
   * @return images {@code [1797, 1, 8, 8]} with pixels from 0 (paper) to 1 (ink); labels 0 to 9
   */
  public static Dataset<int[]> load() {
    List<CSVRecord> rows = CsvRows.read("digits.csv.gz");
    float[] pixels = new float[rows.size() * PIXELS];
    int[] labels = new int[rows.size()];
    for (int image = 0; image < labels.length; image++) {
      CSVRecord row = rows.get(image);
      for (int pixel = 0; pixel < PIXELS; pixel++) {
        pixels[image * PIXELS + pixel] = Integer.parseInt(row.get(pixel)) / INK;
      }
      labels[image] = Integer.parseInt(row.get(PIXELS));
    }
    return Dataset.of(Tensor.of(pixels, labels.length, 1, 8, 8), labels);
  }

  /**
   * The fixed split: shuffled, the same share of every digit in both parts. The numbers of the test
   * images are in {@code digits_test_rows.txt}, for programs in other languages.
   *
   * @return 1438 images to learn from, 359 to be tested by
   */
  public static Split<int[]> split() {
    return load().stratifiedSplit(TEST_FRACTION, SPLIT_SEED);
  }
}
