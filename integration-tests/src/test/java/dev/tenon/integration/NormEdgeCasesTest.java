package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.InstanceNorm;
import dev.tenon.runtime.layer.Norm;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.random.Randoms;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Layer, group and instance normalisation where formulas are not enough: worked examples, edge
 * cases, precision far from 0, and how the three meet.
 */
class NormEdgeCasesTest {
  private static final double NAN = Double.NaN;
  private static final List<String> PRECISIONS = List.of("FLOAT32", "FLOAT64");

  private static SingleModel model(String precision, String input, String layer) {
    return CompiledNetwork.of(
            "Norms", "input = {" + input + "}, precision = Precision." + precision, List.of(layer))
        .create(1);
  }

  private static Tensor input(SingleModel model, int batch, double... values) {
    return Samples.of(model.dtype(), values, Samples.withBatch(batch, model.inputShape()));
  }

  private static double tolerance(SingleModel model) {
    return model.dtype() == DType.FLOAT64 ? 1e-14 : 2e-7;
  }

  private static void assertValues(SingleModel model, Tensor actual, double... expected) {
    assertThat(Fixtures.values(actual)).containsExactly(expected, within(tolerance(model)));
  }

  // ----------------------------------------------------------------------------- worked examples

  @Test
  void groupNormOfZeroToSeven() {
    for (String precision : PRECISIONS) {
      SingleModel model = model(precision, "4, 2", "@GroupNorm(groups = 2) Norm gn();");
      Tensor x = input(model, 1, 0, 1, 2, 3, 4, 5, 6, 7);
      double[] y = {
        -1.34163541996893, -0.447211806656309, 0.447211806656309, 1.34163541996893,
        -1.34163541996893, -0.447211806656309, 0.447211806656309, 1.34163541996893
      };
      assertValues(model, model.forward(x), y);
      assertValues(model, model.forwardEvaluation(x), y);
      assertValues(model, model.predict(x), y);
    }
  }

  @Test
  void layerNormOfOneTwoFour() {
    for (String precision : PRECISIONS) {
      SingleModel model = model(precision, "3", "@LayerNorm Norm ln();");
      Tensor x = input(model, 1, 1, 2, 4);
      double[] y = {-1.0690415314503, -0.267260382862575, 1.33630191431287};
      assertValues(model, model.forward(x), y);
      assertValues(model, model.forwardEvaluation(x), y);
      assertValues(model, model.predict(x), y);
    }
  }

  /** Two samples, two channels: means 2, 20 and 5, 40; unbiased variances 1, 100 and 9, 400. */
  @Test
  void runningStatisticsOfAnInstanceNormAreAveragesOverTheSamples() {
    for (String precision : PRECISIONS) {
      SingleModel model =
          model(
              precision,
              "2, 3",
              "@InstanceNorm1d(trackRunningStats = true, momentum = 0.25) InstanceNorm in();");
      InstanceNorm in = (InstanceNorm) model.layers().get(0);
      double[] x = {1, 2, 3, 10, 20, 30, 2, 5, 8, 20, 40, 60};
      model.forward(input(model, 2, x));
      assertValues(model, in.runningMean().value(), 0.25 * 3.5, 0.25 * 30);
      assertValues(model, in.runningVar().value(), 0.75 + 0.25 * 5, 0.75 + 0.25 * 250);
      assertThat(in.numBatchesTracked().get()).isZero();

      double[] mean = Fixtures.values(in.runningMean().value());
      double[] var = Fixtures.values(in.runningVar().value());
      double[] expected = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        int c = i / 3 % 2;
        expected[i] = (x[i] - mean[c]) / Math.sqrt(var[c] + 1e-5);
      }
      for (Tensor y :
          List.of(model.predict(input(model, 2, x)), model.forwardEvaluation(input(model, 2, x)))) {
        // Values of up to 6.
        assertThat(Fixtures.values(y)).containsExactly(expected, within(6 * tolerance(model)));
      }
      assertValues(model, in.runningMean().value(), mean);
    }
  }

  // ---------------------------------------------------------------------------------- edge cases

  private static final List<String> LAYERS =
      List.of(
          "@LayerNorm(shape = 4, %s) Norm l();",
          "@LayerNorm(shape = {6, 4}, %s) Norm l();",
          "@GroupNorm(groups = 1, %s) Norm l();",
          "@GroupNorm(groups = 3, %s) Norm l();",
          "@GroupNorm(groups = 6, %s) Norm l();",
          "@InstanceNorm1d(affine = true, %s) InstanceNorm l();",
          "@InstanceNorm1d(affine = true, trackRunningStats = true, %s) InstanceNorm l();");

  /** A layer on samples of 6x4, with weights and biases of its own. */
  private static SingleModel edgeCase(String precision, String layer, String options) {
    SingleModel model = model(precision, "6, 4", String.format(layer, options));
    Norm norm = (Norm) model.layers().get(0);
    for (Tensor state : List.of(norm.weight().value(), norm.bias().value())) {
      double[] values = new double[state.size()];
      Arrays.setAll(values, i -> 0.5 + 0.125 * i);
      state.copyFrom(Samples.of(model.dtype(), values, state.shape()));
    }
    return model;
  }

  /** What is added to the value at this place of a sample. */
  private static double bias(SingleModel model, int place) {
    Norm norm = (Norm) model.layers().get(0);
    double[] bias = Fixtures.values(norm.bias().value());
    return switch (bias.length) {
      case 24 -> bias[place];
      case 6 -> bias[place / 4];
      default -> bias[place % 4];
    };
  }

  @Test
  void aBatchOfOneIsABatchLikeAnyOther() {
    for (String precision : PRECISIONS) {
      for (String layer : LAYERS) {
        SingleModel model = edgeCase(precision, layer, "eps = 1e-5");
        assertThat(model.minimumTrainingBatch()).isEqualTo(1);
        double[] x = new double[48];
        Arrays.setAll(x, i -> Randoms.normal(1, i));
        double[] both = Fixtures.values(model.forward(input(model, 2, x)));
        double[] first =
            Fixtures.values(model.forward(input(model, 1, Arrays.copyOfRange(x, 0, 24))));
        assertThat(first).isEqualTo(Arrays.copyOfRange(both, 0, 24));
      }
    }
  }

  @Test
  void anEmptyBatchChangesNothing() {
    for (String precision : PRECISIONS) {
      for (String layer : LAYERS) {
        SingleModel model = edgeCase(precision, layer, "eps = 1e-5");
        List<String> before = Samples.bits(model);
        assertThat(model.forward(input(model, 0)).shape()).containsExactly(0, 6, 4);
        model.backward(input(model, 0));
        assertThat(model.parameters())
            .allSatisfy(p -> assertThat(Fixtures.values(p.gradient())).containsOnly(0));
        assertThat(model.predict(input(model, 0)).shape()).containsExactly(0, 6, 4);
        assertThat(Samples.bits(model)).isEqualTo(before);
      }
    }
  }

  @Test
  void equalValuesGiveExactlyTheBias() {
    for (String precision : PRECISIONS) {
      for (String layer : LAYERS) {
        for (String eps : List.of("eps = 1e-5", "eps = 0")) {
          SingleModel model = edgeCase(precision, layer, eps);
          double[] x = new double[48];
          Arrays.fill(x, 0.1);
          double[] y = Fixtures.values(model.forward(input(model, 2, x)));
          for (int i = 0; i < y.length; i++) {
            assertThat(y[i]).as("%s, value %d", layer, i).isEqualTo(bias(model, i % 24));
          }
          double[] g = new double[48];
          Arrays.setAll(g, i -> Randoms.normal(2, i));
          assertThat(Fixtures.values(model.backwardToInput(input(model, 2, g))))
              .doesNotContain(NAN);
        }
      }
    }
  }

  @Test
  void layerNormOfOneValueGivesTheBias() {
    SingleModel model = model("FLOAT32", "3, 1", "@LayerNorm(shape = 1) Norm ln();");
    ((Norm) model.layers().get(0)).bias().set(0.3, 0);
    Tensor x = input(model, 1, 1, 2, 3);
    assertThat(model.forward(x).toFloatArray()).containsExactly(0.3f, 0.3f, 0.3f);
    assertThat(Fixtures.values(model.backwardToInput(input(model, 1, 1, 2, 3)))).containsOnly(0);
  }

  /** Of the values that share its mean, all become NaN; the others keep their bits. */
  @Test
  void aNanStaysAmongTheValuesOfItsMean() {
    int[] together = {4, 24, 24, 8, 4, 4, 4};
    for (String precision : PRECISIONS) {
      for (int layer = 0; layer < LAYERS.size(); layer++) {
        double[] x = new double[48];
        Arrays.setAll(x, i -> Randoms.normal(1, i));
        SingleModel clean = edgeCase(precision, LAYERS.get(layer), "eps = 1e-5");
        double[] expected = Fixtures.values(clean.forward(input(clean, 2, x)));
        for (int where : new int[] {0, 13, 24, 47}) {
          for (double bad : new double[] {NAN, Double.POSITIVE_INFINITY}) {
            SingleModel model = edgeCase(precision, LAYERS.get(layer), "eps = 1e-5");
            double[] broken = x.clone();
            broken[where] = bad;
            double[] y = Fixtures.values(model.forward(input(model, 2, broken)));
            for (int i = 0; i < y.length; i++) {
              boolean touched = i / together[layer] == where / together[layer];
              assertThat(Double.valueOf(y[i]))
                  .as("%s: value %d, %s at %d", LAYERS.get(layer), i, bad, where)
                  .isEqualTo(touched ? Double.valueOf(NAN) : Double.valueOf(expected[i]));
            }
          }
        }
      }
    }
  }

  /** Beside float64 on the same float32 values: three roundings, whatever the offset. */
  @Test
  void anOffsetCostsNothing() {
    String[] layers = {
      "@LayerNorm(affine = false) Norm l();",
      "@GroupNorm(groups = 1, affine = false) Norm l();",
      "@InstanceNorm1d InstanceNorm l();"
    };
    String[] inputs = {"256", "16, 16", "1, 256"};
    for (int layer = 0; layer < layers.length; layer++) {
      SingleModel model = model("FLOAT32", inputs[layer], layers[layer]);
      for (double offset : new double[] {0, 1e3, 1e4, 1e6}) {
        float[] x = new float[256];
        for (int i = 0; i < 256; i++) {
          x[i] = (float) (offset + Randoms.normal(3, i));
        }
        double mean = 0;
        for (float value : x) {
          mean += (value - offset) / 256;
        }
        mean += offset;
        double var = 0;
        for (float value : x) {
          var += (value - mean) * (value - mean) / 256;
        }
        float[] y =
            model.forward(Tensor.of(x, Samples.withBatch(1, model.inputShape()))).toFloatArray();
        for (int i = 0; i < 256; i++) {
          double exact = (x[i] - mean) / Math.sqrt(var + 1e-5);
          assertThat((double) y[i])
              .as("%s at %s", layers[layer], offset)
              .isCloseTo(exact, within(2e-7 * Math.max(1, Math.abs(exact))));
        }
      }
    }
  }

  // --------------------------------------------------------------------------- how they meet

  private static double[] result(String precision, String input, String layer, double[] x) {
    SingleModel model = model(precision, input, layer);
    int batch = 2;
    return Fixtures.values(model.forward(input(model, batch, x)));
  }

  @Test
  void asManyGroupsAsChannelsAreAnInstanceNormAndOneIsALayerNormWithoutScale() {
    double[] x = new double[48];
    Arrays.setAll(x, i -> Randoms.normal(5, i));
    for (String precision : PRECISIONS) {
      assertThat(result(precision, "6, 4", "@GroupNorm(groups = 6) Norm l();", x))
          .isEqualTo(result(precision, "6, 4", "@InstanceNorm1d InstanceNorm l();", x));
      double[] layerNorm =
          result(precision, "6, 4", "@LayerNorm(shape = {6, 4}, affine = false) Norm l();", x);
      Fixtures.assertClose(
          "one group",
          result(precision, "6, 4", "@GroupNorm(groups = 1) Norm l();", x),
          layerNorm,
          precision.equals("FLOAT64") ? 1e-14 : 1e-6);
    }
  }

  @Test
  void aFrozenInstanceNormGoesByItsRunningStatistics() {
    for (String precision : PRECISIONS) {
      SingleModel model =
          model(
              precision,
              "2, 3",
              "@InstanceNorm1d(affine = true, trackRunningStats = true, frozen = true)"
                  + " InstanceNorm in();");
      InstanceNorm in = (InstanceNorm) model.layers().get(0);
      in.runningMean().set(2, 0);
      in.runningVar().set(4, 1);
      assertThat(in.areStatisticsFrozen()).isTrue();
      assertThat(in.weight().isFrozen()).isTrue();
      Tensor x = input(model, 1, 1, 2, 3, 10, 20, 30);
      List<String> before = Samples.bits(model);
      double[] y = Fixtures.values(model.forward(x));
      assertThat(Samples.bits(model)).isEqualTo(before);
      Fixtures.assertClose(
          "y", y, Fixtures.values(model.predict(x)), precision.equals("FLOAT64") ? 1e-14 : 1e-6);
      // Neither mean nor variance depends on x.
      double[] dx = Fixtures.values(model.backwardToInput(input(model, 1, 1, 0, 0, 1, 0, 0)));
      assertThat(dx)
          .containsExactly(
              new double[] {1 / Math.sqrt(1 + 1e-5), 0, 0, 1 / Math.sqrt(4 + 1e-5), 0, 0},
              within(tolerance(model)));

      in.unfreeze();
      model.forward(x);
      assertThat(Samples.bits(model)).isNotEqualTo(before);
    }
  }
}
