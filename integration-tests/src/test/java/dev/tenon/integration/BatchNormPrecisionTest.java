package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.random.Randoms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How far float32 batch norm is from float64, here and in PyTorch, on the same data, and that the
 * table in {@code docs/accuracy.md} says so. PyTorch's figures are from {@code
 * batch_norm_precision.py}.
 */
class BatchNormPrecisionTest {
  private static final int VALUES = 256;
  private static final int SEEDS = 1_000;
  private static final String NETWORK = "input = " + SEEDS;
  private static final List<String> LAYERS = List.of("@BatchNorm1d BatchNorm bn();");

  private static final int SAMPLES = 100;
  private static final int PLANE = 100 * 100;
  private static final String MILLION = "input = {3, 100, 100}";
  private static final List<String> MILLION_LAYERS =
      List.of("@BatchNorm2d(momentum = 1) BatchNorm bn();");

  private static final CompiledNetwork.Cache NETWORKS = new CompiledNetwork.Cache();
  private static final JsonNode PYTORCH = Fixtures.document("precision.json");

  private static List<String> page;

  @BeforeAll
  static void prepare() throws IOException {
    NETWORKS.add(NETWORK, LAYERS);
    NETWORKS.add(MILLION, MILLION_LAYERS);
    page = Files.readAllLines(Path.of("../docs/accuracy.md"));
  }

  private interface Draw {
    double of(long seed, int number);
  }

  /** Uniform, of variance 1: at most 1.74 from 0. */
  private static double flat(long seed, int number) {
    return (Randoms.uniformDouble(seed, number) - 0.5) * Math.sqrt(12);
  }

  /** Nearly normal, of variance 1: the sum of twelve uniform numbers, less 6. */
  private static double bell(long seed, int number) {
    double sum = 0;
    for (int k = 0; k < 12; k++) {
      sum += Randoms.uniformDouble(seed, 12L * number + k);
    }
    return sum - 6;
  }

  /**
   * Outputs on 256 values of unit variance around an offset; 1,000 seeds, one a channel.
   *
   * <p>The contract is a largest error of 2e-7. Rounding y alone costs 1.2e-7 where 2 &lt;= |y|
   * &lt; 4 and 2.4e-7 beyond, so it can hold for all seeds only where values are bounded: it does
   * for flat ones. For others, three roundings (of the centred value, of the scale, of their
   * product) give at most {@code 3 * 2^-24 |y| = 1.8e-7 |y|}, and the largest error of a seed keeps
   * the contract on average.
   */
  @Test
  void outputsAreGoodTo2e7AtAnyOffset() {
    SingleModel model = NETWORKS.create(NETWORK, LAYERS);
    assertThat(PYTORCH.get("outputs")).hasSize(6);
    for (JsonNode theirs : PYTORCH.get("outputs")) {
      boolean isFlat = theirs.get("data").asText().equals("flat");
      double offset = theirs.get("offset").asDouble();
      Draw draw = isFlat ? BatchNormPrecisionTest::flat : BatchNormPrecisionTest::bell;
      float[] x = new float[VALUES * SEEDS];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (offset + draw.of(i % SEEDS, i / SEEDS));
      }
      assertSameData(theirs, x);
      double[] largest = largestErrors(model, x);
      double most = Arrays.stream(largest).max().orElseThrow();
      double average = Arrays.stream(largest).average().orElseThrow();
      assertThat(isFlat ? most : average)
          .as("%s values at %s", theirs.get("data"), offset)
          .isLessThanOrEqualTo(2e-7);
      assertPageSays(
          (isFlat ? "flat" : "bell-shaped") + " values around " + plain(offset),
          most,
          average,
          theirs.get("largest").asDouble(),
          theirs.get("average").asDouble());
    }
  }

  /** The largest error of each channel; checks each value's on the way. */
  private static double[] largestErrors(SingleModel model, float[] x) {
    float[] y = model.forward(Tensor.of(x, VALUES, SEEDS)).toFloatArray();
    double[] largest = new double[SEEDS];
    for (int channel = 0; channel < SEEDS; channel++) {
      int at = channel;
      double[] moments = moments(VALUES, i -> x[i * SEEDS + at]);
      double invstd = 1 / Math.sqrt(moments[1] + 1e-5);
      for (int i = 0; i < VALUES; i++) {
        double exact = (x[i * SEEDS + at] - moments[0]) * invstd;
        double error = Math.abs(y[i * SEEDS + at] - exact);
        assertThat(error)
            .as("seed %d, value %d: y = %s", channel, i, exact)
            .isLessThanOrEqualTo(2e-7 * Math.max(1, Math.abs(exact)));
        largest[channel] = Math.max(largest[channel], error);
      }
    }
    return largest;
  }

  @Test
  void runningStatisticsOfAMillionValuesAreGoodTo1e6() {
    SingleModel model = NETWORKS.create(MILLION, MILLION_LAYERS);
    BatchNorm norm = (BatchNorm) model.layers().get(0);
    int count = SAMPLES * PLANE;
    assertThat(PYTORCH.get("statistics")).hasSize(3);
    for (JsonNode theirs : PYTORCH.get("statistics")) {
      double offset = theirs.get("offset").asDouble();
      float[] x = new float[3 * count];
      IntUnaryOperator place = i -> (i / PLANE * 3) * PLANE + i % PLANE;
      for (int i = 0; i < count; i++) {
        for (int channel = 0; channel < 3; channel++) {
          // The first channel is the one that PyTorch had.
          x[place.applyAsInt(i) + channel * PLANE] =
              (float) (offset + Randoms.uniformDouble(3L + channel, i) * (1 + channel));
        }
      }
      float[] first = new float[count];
      for (int i = 0; i < count; i++) {
        first[i] = x[place.applyAsInt(i)];
      }
      assertSameData(theirs, first);
      model.forward(Tensor.of(x, SAMPLES, 3, 100, 100));
      double[] errors = new double[2];
      for (int channel = 2; channel >= 0; channel--) {
        int at = channel * PLANE;
        double[] moments = moments(count, i -> x[place.applyAsInt(i) + at]);
        double unbiased = moments[1] * count / (count - 1.0);
        errors[0] = Math.abs(norm.runningMean().get(channel) - moments[0]) / moments[0];
        errors[1] = Math.abs(norm.runningVar().get(channel) - unbiased) / unbiased;
        assertThat(errors[0]).as("mean at %s", offset).isLessThanOrEqualTo(1e-6);
        assertThat(errors[1]).as("variance at %s", offset).isLessThanOrEqualTo(1e-6);
      }
      assertPageSays(
          "a million values around " + plain(offset),
          errors[0],
          errors[1],
          theirs.get("mean").asDouble(),
          theirs.get("var").asDouble());
    }
  }

  /** Mean and biased variance in two passes of float64. */
  private static double[] moments(int count, IntToDoubleFunction values) {
    double first = values.applyAsDouble(0);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values.applyAsDouble(i) - first;
    }
    double mean = first + sum / count;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double deviation = values.applyAsDouble(i) - mean;
      squares += deviation * deviation;
    }
    return new double[] {mean, squares / count};
  }

  /** The sum is exact: what is added are multiples of a unit in the last place of the offset. */
  private static void assertSameData(JsonNode theirs, float[] x) {
    double sum = 0;
    for (float value : x) {
      sum += value - theirs.get("offset").asDouble();
    }
    assertThat(sum).isEqualTo(theirs.get("sumOfData").asDouble());
  }

  /**
   * Compares a row of the page: what the data are, two figures of ours, two of PyTorch's. Ours may
   * be a little better than the page says, should the order of some sum have changed.
   */
  private static void assertPageSays(
      String data, double ours1, double ours2, double theirs1, double theirs2) {
    String row =
        page.stream()
            .filter(line -> line.startsWith("| " + data + " |"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no row | " + data + " |"));
    String[] cells = row.split("\\|", -1);
    assertThat(row)
        .as("ours: %s and %s", figure(ours1), figure(ours2))
        .endsWith("| " + figure(theirs1) + " | " + figure(theirs2) + " |");
    assertOurs(row, ours1, Double.parseDouble(cells[2].strip()));
    assertOurs(row, ours2, Double.parseDouble(cells[3].strip()));
  }

  private static void assertOurs(String row, double measured, double printed) {
    // The page rounds to two digits.
    assertThat(measured)
        .as("measured %s; the page says %s", figure(measured), row)
        .isBetween(0.5 * printed, 1.05 * printed);
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.1e", value).replace("e-0", "e-");
  }

  private static String plain(double offset) {
    return String.format(Locale.ROOT, "%,d", (long) offset);
  }
}
