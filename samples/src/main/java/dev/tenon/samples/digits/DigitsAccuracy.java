package dev.tenon.samples.digits;

import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.data.DigitsData;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Trains {@link DigitsNet} from five seeds with the settings of {@link Digits} and prints each test
 * accuracy and their mean: the figures of {@code docs/accuracy.md}.
 */
public final class DigitsAccuracy {
  private static final int SEEDS = 5;

  private DigitsAccuracy() {}

  /**
   * Runs the comparison's Java side.
   *
   * @param args none
   */
  public static void main(String[] args) {
    Split<int[]> data = DigitsData.split();
    double[] accuracies =
        IntStream.range(0, SEEDS).mapToDouble(seed -> accuracy(data, seed)).toArray();
    System.out.printf(
        Locale.ROOT,
        "mean     %6.2f %%%n",
        100 * Arrays.stream(accuracies).average().orElseThrow());
  }

  private static double accuracy(Split<int[]> data, long seed) {
    DigitsNetModel model = DigitsNetModel.create(seed);
    Trainer<int[]> trainer = Digits.trainer(model, Digits.defaults().seed(seed));
    long start = System.nanoTime();
    trainer.fit(data.train(), Digits.EPOCHS);
    double seconds = (System.nanoTime() - start) / 1e9;
    double accuracy = trainer.evaluate(data.test()).accuracy();
    System.out.printf(Locale.ROOT, "seed %d   %6.2f %%   %5.1f s%n", seed, 100 * accuracy, seconds);
    return accuracy;
  }
}
