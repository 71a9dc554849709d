package dev.tenon.runtime.math;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.Fixtures;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions beside values that mpmath computed in 60 digits, and floats beside doubles. */
class FunctionsTest {
  /** A function of floats. */
  private interface OfFloat {
    float at(float x);
  }

  private static final Map<String, OfFloat> FLOATS =
      Map.of("exp", Functions::exp, "tanh", Functions::tanh, "erf", Functions::erf);

  private static final Map<String, DoubleUnaryOperator> DOUBLES =
      Map.of("exp", Functions::exp, "tanh", Functions::tanh, "erf", Functions::erf);

  @Test
  void valuesAreThoseOfSixtyDigits() {
    for (JsonNode test : Fixtures.cases("functions")) {
      String name = test.get("function").asText();
      double[] x = Fixtures.doubles(test.get("x"));
      double[] y = Fixtures.doubles(test.get("y"));
      for (int i = 0; i < x.length; i++) {
        double exact = y[i];
        assertThat(DOUBLES.get(name).applyAsDouble(x[i]) - exact)
            .as("%s(%s)", name, x[i])
            .isBetween(-1e-15 * Math.max(1, exact), 1e-15 * Math.max(1, exact));
        assertThat(FLOATS.get(name).at((float) x[i]) - exact)
            .as("%s(%sf)", name, x[i])
            .isBetween(-2.0 * Math.ulp((float) exact), 2.0 * Math.ulp((float) exact));
      }
    }
  }

  /** Every 1,009th float of those between the smallest and the largest that matter. */
  @ParameterizedTest
  @ValueSource(strings = {"exp", "tanh", "erf"})
  void floatsAreWithinTwoUnits(String name) {
    for (int bits = 0x33000000; bits < 0x42f00000; bits += 1009) {
      float size = Float.intBitsToFloat(bits);
      for (float x : new float[] {size, -size}) {
        double exact = DOUBLES.get(name).applyAsDouble(x);
        if (exact > Float.MAX_VALUE) {
          assertThat(FLOATS.get(name).at(x)).isEqualTo(Float.POSITIVE_INFINITY);
        } else {
          assertThat(Math.abs(FLOATS.get(name).at(x) - exact))
              .as("%s(%s)", name, x)
              .isLessThanOrEqualTo(2.0 * Math.ulp((float) exact));
        }
      }
    }
  }

  @Test
  void theEndsAreRight() {
    assertThat(Functions.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Functions.exp(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(Functions.exp(0f)).isEqualTo(1f);
    assertThat(Functions.exp(Float.NaN)).isNaN();
    assertThat(Functions.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(Functions.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
    assertThat(Functions.tanh(Float.NaN)).isNaN();
    assertThat(Functions.erf(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat(Functions.erf(Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
    assertThat(Functions.erf(Float.NaN)).isNaN();
    assertThat(Functions.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(Functions.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(Functions.erf(Double.NaN)).isNaN();
    assertThat(Functions.log(0f)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Functions.log(-1.0)).isNaN();
  }
}
