package dev.tenon.runtime.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.random.Randoms;
import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

/** Powers beside exact ones, exponentials and cosines beside those of the JDK. */
class StableMathTest {
  @Test
  void exponentialsAreThoseOfTheJdk() {
    for (int i = 0; i < 300_000; i++) {
      double x = (2 * Randoms.uniformDouble(4, i) - 1) * (i % 3 == 0 ? 1 : i % 3 == 1 ? 30 : 705);
      double expected = StrictMath.exp(x);
      assertThat(Math.abs(StableMath.exp(x) - expected))
          .as("exp(%s)", x)
          .isLessThanOrEqualTo(2 * Math.ulp(expected));
    }
    for (double x = -745; x < -700; x += 0.01) {
      double expected = StrictMath.exp(x);
      assertThat(Math.abs(StableMath.exp(x) - expected))
          .as("exp(%s)", x)
          .isLessThanOrEqualTo(2 * Math.ulp(expected));
    }
  }

  @Test
  void exponentialsAtTheEnds() {
    assertThat(StableMath.exp(0)).isEqualTo(1);
    assertThat(StableMath.exp(-0.0)).isEqualTo(1);
    assertThat(Math.abs(StableMath.exp(1) - Math.E)).isLessThanOrEqualTo(Math.ulp(Math.E));
    assertThat(StableMath.exp(709.78)).isFinite();
    assertThat(StableMath.exp(709.79)).isInfinite();
    assertThat(StableMath.exp(1e308)).isInfinite();
    assertThat(StableMath.exp(Double.POSITIVE_INFINITY)).isInfinite();
    assertThat(StableMath.exp(-745)).isEqualTo(Double.MIN_VALUE);
    assertThat(StableMath.exp(-746.5)).isZero();
    assertThat(StableMath.exp(-1e308)).isZero();
    assertThat(StableMath.exp(Double.NEGATIVE_INFINITY)).isZero();
    assertThat(StableMath.exp(Double.NaN)).isNaN();
  }

  @Test
  void powersAreThoseOfBigDecimal() {
    MathContext digits = new MathContext(60);
    double[] bases = {0.9, 0.999, 0.99999, 0.1, 0.5, 1.0001, 3, -0.7};
    for (double base : bases) {
      for (int n : new int[] {0, 1, 2, 3, 7, 10, 31, 100, 255, 1000, 4096, 99999}) {
        double exact = new BigDecimal(base).pow(n, digits).doubleValue();
        if (Math.abs(exact) > 1e-290) {
          assertThat(StableMath.power(base, (long) n))
              .as("%s^%d", base, n)
              .isCloseTo(exact, within(Math.ulp(exact)));
        }
      }
    }
  }

  @Test
  void powersAtTheEnds() {
    assertThat(StableMath.power(0, 0L)).isEqualTo(1);
    assertThat(StableMath.power(0, 5L)).isZero();
    assertThat(StableMath.power(0.9, Long.MAX_VALUE)).isZero();
    assertThat(StableMath.power(1, Long.MAX_VALUE)).isEqualTo(1);
    assertThat(StableMath.power(10, 400L)).isInfinite();
    assertThat(StableMath.power(10, Long.MAX_VALUE)).isInfinite();
    assertThat(StableMath.power(Double.POSITIVE_INFINITY, 3L)).isInfinite();
    assertThat(StableMath.power(Double.NaN, 3L)).isNaN();
    assertThat(StableMath.power(1e200, 1L)).isEqualTo(1e200);
    assertThat(StableMath.power(1e305, 1L)).isEqualTo(1e305);
    assertThatThrownBy(() -> StableMath.power(2, -1L)).hasMessageContaining("at least 0");
    assertThatThrownBy(() -> StableMath.power(-2, 0.5)).hasMessageContaining("at least 0");
  }

  @Test
  void powersOfRealExponents() {
    assertThat(StableMath.power(0.25, 0.5)).isCloseTo(0.5, within(1e-16));
    assertThat(StableMath.power(0, 0.5)).isZero();
    assertThat(StableMath.power(0.3, 2.0)).isEqualTo(StableMath.power(0.3, 2L));
    for (int i = 0; i < 1000; i++) {
      double base = Randoms.uniformDouble(1, i);
      double exponent = 4 * Randoms.uniformDouble(2, i);
      double expected = StrictMath.pow(base, exponent);
      assertThat(StableMath.power(base, exponent)).isCloseTo(expected, within(1e-14 * expected));
    }
  }

  @Test
  void cosinesAreExactWhereTheyAreWhole() {
    for (int n = -8; n <= 8; n++) {
      assertThat(StableMath.cosPi(n)).isEqualTo(n % 2 == 0 ? 1 : -1);
      assertThat(StableMath.cosPi(n + 0.5)).isZero();
    }
    assertThat(StableMath.cosPi(1.0 / 3)).isCloseTo(0.5, within(2e-16));
    assertThat(StableMath.cosPi(Double.NaN)).isNaN();
    assertThat(StableMath.cosPi(Double.POSITIVE_INFINITY)).isNaN();
  }

  @Test
  void cosinesAreThoseOfTheJdk() {
    for (int i = 0; i < 100_000; i++) {
      double x = Randoms.uniformDouble(3, i);
      // The rounding of pi x alone may be an ulp of pi, seen by the slope of the cosine.
      assertThat(StableMath.cosPi(x)).isCloseTo(StrictMath.cos(Math.PI * x), within(4.5e-16));
      assertThat(StableMath.cosPi(-x)).isEqualTo(StableMath.cosPi(x));
      assertThat(StableMath.cosPi(2 - x)).isCloseTo(StableMath.cosPi(x), within(1e-15));
    }
  }

  @Test
  void allocatesNothing() {
    double[] sum = new double[1];
    Allocation.assertNone(
        () -> {
          sum[0] += StableMath.exp(0.7);
          sum[0] += StableMath.power(0.999, 12345L);
          sum[0] += StableMath.power(0.3, 1.5);
          sum[0] += StableMath.cosPi(0.37);
        });
    assertThat(sum[0]).isPositive();
  }
}
