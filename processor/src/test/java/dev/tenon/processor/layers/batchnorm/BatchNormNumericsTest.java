package dev.tenon.processor.layers.batchnorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.processor.reference.Networks;
import dev.tenon.processor.reference.ReferenceModel;
import dev.tenon.runtime.random.Randoms;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked examples and the edge cases of the semantics, section 1. */
final class BatchNormNumericsTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  @Test
  void workedExample() {
    ReferenceModel model = model(2, "@BatchNorm1d(features = 2) BatchNorm bn();");
    model.load("bn.weight", new double[] {2, 0.5});
    model.load("bn.bias", new double[] {0.1, -0.2});
    double[] x = {1, 10, 2, 20, 4, 20, 5, 50};

    double[] y = model.forward(x);

    // By hand: means 3 and 25, biased variances 2.5 and 225.
    for (int i = 0; i < 8; i += 2) {
      assertThat(y[i]).isCloseTo((x[i] - 3) / Math.sqrt(2.5 + 1e-5) * 2 + 0.1, within(1e-14));
      assertThat(y[i + 1])
          .isCloseTo((x[i + 1] - 25) / Math.sqrt(225 + 1e-5) * 0.5 - 0.2, within(1e-14));
    }
    assertThat(model.state("bn.running_mean"))
        .containsExactly(new double[] {0.3, 2.5}, within(1e-15));
    assertThat(model.state("bn.running_var"))
        .containsExactly(new double[] {1.23333333333333, 30.9}, within(1e-14));
    assertThat(model.state("bn.num_batches_tracked")).containsExactly(1);

    double[] dx = model.backward(new double[] {1, 0, 0, 1, 0.5, -1, -1, 2});
    assertThat(dx)
        .containsExactly(
            new double[] {
              0.221362535223971,
              0.0111111096296297,
              -0.600829782905222,
              0.0259259249382717,
              0.917056916468425,
              -0.0407407402469136,
              -0.537589668787175,
              0.0037037056790122
            },
            within(1e-14));
    assertThat(model.gradient("bn.weight"))
        .containsExactly(new double[] {-2.21358993494242, 3.33333325925926}, within(1e-13));
    assertThat(model.gradient("bn.bias")).containsExactly(0.5, 2);
  }

  @Test
  void lesson() {
    ReferenceModel model = model(4, "@BatchNorm1d(features = 4) BatchNorm bn();");
    double[] y = model.forward(new double[] {1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6});
    for (int i = 0; i < 12; i++) {
      assertThat(y[i]).isCloseTo(new double[] {-1.2247, 0, 1.2247}[i / 4], within(5e-5));
    }
    assertThat(model.state("bn.running_mean"))
        .containsExactly(new double[] {0.2, 0.3, 0.4, 0.5}, within(1e-15));
    assertThat(model.state("bn.running_var"))
        .containsExactly(new double[] {1, 1, 1, 1}, within(1e-15));
  }

  @Test
  void gradientsOfTheInputSumToNothing() {
    // With eps = 0 both sums of a channel vanish: of dx, and of dx * xhat.
    ReferenceModel model = model(1, "@BatchNorm1d(eps = 0, affine = false) BatchNorm bn();");
    double[] x = {1, 2, 4, 5, -3};
    double[] y = model.forward(x);
    double[] dx = model.backward(new double[] {1, -0.5, 3, 0.25, 2});
    double sum = 0;
    double dot = 0;
    double mean = 0;
    double square = 0;
    for (int i = 0; i < 5; i++) {
      sum += dx[i];
      dot += dx[i] * y[i];
      mean += y[i] / 5;
      square += y[i] * y[i] / 5;
    }
    assertThat(sum).isCloseTo(0, within(1e-15));
    assertThat(dot).isCloseTo(0, within(1e-15));
    assertThat(mean).isCloseTo(0, within(1e-15));
    assertThat(square).isCloseTo(1, within(1e-15));
  }

  @Test
  void aConstantChannelGivesExactlyTheBias() {
    for (String eps : List.of("1e-5", "0")) {
      ReferenceModel model = model(1, "@BatchNorm1d(eps = " + eps + ") BatchNorm bn();");
      model.load("bn.bias", new double[] {0.3});
      double[] y = model.forward(new double[] {0.1, 0.1, 0.1});
      assertThat(y).containsExactly(0.3, 0.3, 0.3);
      assertThat(model.state("bn.running_var")).containsExactly(0.9);
      assertThat(model.backward(new double[] {1, 2, 3})).doesNotContain(NAN);
    }
  }

  @Test
  void aNanTouchesItsChannelOnly() {
    ReferenceModel model = model(2, "@BatchNorm1d BatchNorm bn();");
    // First in its channel, and not: the shift is the first value.
    for (int row = 0; row < 3; row++) {
      double[] x = {1, 10, 2, 20, 3, 30};
      x[2 * row] = NAN;
      double[] y = model.forward(x);
      assertThat(new double[] {y[0], y[2], y[4]}).containsExactly(NAN, NAN, NAN);
      assertThat(new double[] {y[1], y[3], y[5]}).doesNotContain(NAN);
    }
    assertThat(model.state("bn.running_mean")[0]).isNaN();
    assertThat(model.state("bn.running_var")[0]).isNaN();
    assertThat(model.state("bn.running_mean")[1]).isNotNaN();
    assertThat(model.state("bn.running_var")[1]).isNotNaN();
  }

  @Test
  void anInfinityMakesTheMeanInfiniteAndTheVarianceNan() {
    for (double infinity : new double[] {INF, -INF}) {
      for (int row = 0; row < 3; row++) {
        ReferenceModel model = model(1, "@BatchNorm1d BatchNorm bn();");
        double[] x = {1, 2, 3};
        x[row] = infinity;
        assertThat(model.forward(x)).containsExactly(NAN, NAN, NAN);
        assertThat(model.state("bn.running_mean")).containsExactly(infinity);
        assertThat(model.state("bn.running_var")).containsExactly(NAN);
      }
    }
  }

  @Test
  void evaluationKeepsNanToItself() {
    ReferenceModel model = model(1, "@BatchNorm1d BatchNorm bn();");
    assertThat(model.predict(new double[] {1, NAN, 3}))
        .containsExactly(
            new double[] {1 / Math.sqrt(1 + 1e-5), NAN, 3 / Math.sqrt(1 + 1e-5)}, within(1e-15));
  }

  @Test
  void momentumZeroNeverMoves() {
    ReferenceModel model = model(1, "@BatchNorm1d(momentum = 0) BatchNorm bn();");
    model.forward(new double[] {1, 2, INF});
    assertThat(model.state("bn.running_mean")).containsExactly(0);
    assertThat(model.state("bn.running_var")).containsExactly(1);
    assertThat(model.state("bn.num_batches_tracked")).containsExactly(1);
  }

  @Test
  void cumulativeAveragesAllBatchesAlike() {
    ReferenceModel model = model(1, "@BatchNorm1d(cumulative = true) BatchNorm bn();");
    model.forward(new double[] {1, 3});
    assertThat(model.state("bn.running_mean")).containsExactly(2);
    assertThat(model.state("bn.running_var")).containsExactly(2);
    model.forward(new double[] {10, 14});
    assertThat(model.state("bn.running_mean")).containsExactly(7);
    assertThat(model.state("bn.running_var")).containsExactly(5);
  }

  @Test
  void evaluationOfOneSampleIsFine() {
    ReferenceModel model = model(1, "@BatchNorm1d(eps = 0) BatchNorm bn();");
    assertThat(model.predict(new double[] {5})).containsExactly(5);
  }

  @Test
  void evaluationDoesNotMoveAnything() {
    for (String layer :
        List.of(
            "@BatchNorm1d BatchNorm bn();",
            "@BatchNorm1d(trackRunningStats = false) BatchNorm bn();")) {
      ReferenceModel model = model(1, layer);
      model.forward(new double[] {1, 2, 4});
      List<double[]> before = model.stateNames().stream().map(n -> model.state(n).clone()).toList();
      model.predict(new double[] {7, 8, 9});
      List<double[]> after = model.stateNames().stream().map(model::state).toList();
      assertThat(after).usingRecursiveComparison().isEqualTo(before);
    }
  }

  /** One pass over shifted values loses next to nothing, whatever the offset. */
  @Test
  void theVarianceIsExactAtAnyOffset() {
    for (double offset : new double[] {1e3, 1e6, 1e9}) {
      ReferenceModel model = model(1, "@BatchNorm1d(momentum = 1) BatchNorm bn();");
      int count = 256;
      double[] x = new double[count];
      double exactMean = 0;
      for (int i = 0; i < count; i++) {
        // Multiples of 2^-10, so that adding the offset is exact.
        x[i] = Math.rint(Randoms.normal(7, i) * 1024) / 1024;
        exactMean += x[i] / count;
      }
      double exactVar = 0;
      for (double value : x) {
        exactVar += (value - exactMean) * (value - exactMean) / (count - 1);
      }
      double[] moved = new double[count];
      for (int i = 0; i < count; i++) {
        moved[i] = x[i] + offset;
      }
      model.forward(moved);
      assertThat(model.state("bn.running_mean")[0])
          .isCloseTo(offset + exactMean, within(offset * 1e-15));
      assertThat(model.state("bn.running_var")[0]).isCloseTo(exactVar, within(1e-13));
    }
  }

  private static ReferenceModel model(int features, String layer) {
    return new ReferenceModel(Networks.of("float64", List.of(features), List.of(layer)));
  }
}
