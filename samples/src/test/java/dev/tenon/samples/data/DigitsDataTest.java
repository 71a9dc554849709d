package dev.tenon.samples.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Split;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DigitsDataTest {
  private final Dataset<int[]> all = DigitsData.load();

  @Test
  void imagesAreReadRowByRowAndScaledToOne() {
    assertThat(all.features().shape()).containsExactly(1797, 1, 8, 8);
    // The first line of the file is a 0: 0,0,5,13,9,1,0,0, 0,0,13,15,...
    assertThat(all.targets()[0]).isZero();
    assertThat(all.features().get(0, 0, 0, 3)).isEqualTo(13 / 16.0);
    assertThat(all.features().get(0, 0, 1, 2)).isEqualTo(13 / 16.0);
    assertThat(all.features().get(0, 0, 1, 3)).isEqualTo(15 / 16.0);
    assertThat(IntStream.of(all.targets()).sum()).isEqualTo(8070);
  }

  @Test
  void splitHasAFifthOfEveryDigitInTheTestPart() {
    Split<int[]> split = DigitsData.split();

    assertThat(split.train().size()).isEqualTo(1438);
    assertThat(split.test().size()).isEqualTo(359);
    for (int digit = 0; digit < 10; digit++) {
      assertThat(count(split.test(), digit))
          .as("images of %d", digit)
          .isBetween((int) (0.2 * count(all, digit)), (int) (0.2 * count(all, digit)) + 1);
    }
  }

  /** PyTorch reads the file, Java splits: both must mean the same images. */
  @Test
  void fileOfTestRowsIsTheSplit() throws IOException {
    float[] numbers = new float[all.size()];
    for (int row = 0; row < numbers.length; row++) {
      numbers[row] = row;
    }
    Dataset<int[]> numbered = Dataset.of(Tensor.of(numbers, numbers.length, 1), all.targets());
    Tensor test =
        numbered.stratifiedSplit(DigitsData.TEST_FRACTION, DigitsData.SPLIT_SEED).test().features();
    int[] rows = Arrays.stream(test.toDoubleArray()).mapToInt(row -> (int) row).toArray();

    try (InputStream file = DigitsData.class.getResourceAsStream("digits_test_rows.txt")) {
      String text = new String(file.readAllBytes(), US_ASCII);
      assertThat(text.lines().mapToInt(Integer::parseInt).toArray()).containsExactly(rows);
    }
  }

  private static int count(Dataset<int[]> data, int digit) {
    return (int) IntStream.of(data.targets()).filter(label -> label == digit).count();
  }
}
