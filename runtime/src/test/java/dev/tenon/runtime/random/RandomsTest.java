package dev.tenon.runtime.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.Fixtures;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RandomsTest {
  /** The published outputs of SplitMix64 for seed 1234567. */
  @Test
  void bitsAreSplitMix64() {
    String[] expected = {
      "6457827717110365317",
      "3203168211198807973",
      "9817491932198370423",
      "4593380528125082431",
      "16408922859458223821"
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(Long.toUnsignedString(Randoms.bits(1234567, i))).isEqualTo(expected[i]);
    }
  }

  @Test
  void matchesTheSecondImplementation() {
    for (JsonNode test : Fixtures.cases("randoms", "stream")) {
      long key =
          Randoms.key(
              test.get("seed").asLong(), test.get("step").asLong(), test.get("layer").asInt());
      assertThat(key).isEqualTo(test.get("key").asLong());
      for (int i = 0; i < test.get("bits").size(); i++) {
        assertThat(Randoms.bits(key, i)).isEqualTo(test.get("bits").get(i).asLong());
        assertThat((double) Randoms.uniform(key, i))
            .isEqualTo(test.get("floats").get(i).asDouble());
        assertThat(Randoms.uniformDouble(key, i)).isEqualTo(test.get("doubles").get(i).asDouble());
        // The script's logarithm and cosine are not StrictMath's.
        assertThat(Randoms.normal(key, i))
            .isEqualTo(test.get("normals").get(i).asDouble(), within(1e-14));
      }
    }
  }

  @Test
  void permutationsMatchTheSecondImplementation() {
    for (JsonNode test : Fixtures.cases("randoms", "permutation")) {
      int n = test.get("n").asInt();
      long seed = test.get("seed").asLong();
      assertThat(Randoms.permutation(seed, n)).isEqualTo(Fixtures.ints(test.get("order")));
      int[] again = new int[n];
      Randoms.permute(seed, again);
      assertThat(again).isEqualTo(Randoms.permutation(seed, n));
    }
  }

  @Test
  void keysDiffer() {
    Map<Long, String> seen = new HashMap<>();
    for (long seed = -3; seed < 7; seed++) {
      for (long step = -2; step < 20; step++) {
        for (int layer = 0; layer < 20; layer++) {
          String here = seed + " " + step + " " + layer;
          assertThat(seen.put(Randoms.key(seed, step, layer), here)).as(here).isNull();
        }
      }
    }
  }

  /** Bounds of five standard deviations around the exact values. */
  @Test
  void uniformHasItsMomentsAndIsFlat() {
    int n = 200_000;
    for (long seed = 0; seed < 4; seed++) {
      long key = Randoms.key(seed, 3, 1);
      double sum = 0;
      double squares = 0;
      double neighbours = 0;
      int[] bins = new int[256];
      for (int i = 0; i < n; i++) {
        double u = seed % 2 == 0 ? Randoms.uniform(key, i) : Randoms.uniformDouble(key, i);
        assertThat(u >= 0 && u < 1).isTrue();
        sum += u;
        squares += (u - 0.5) * (u - 0.5);
        neighbours += (u - 0.5) * (Randoms.uniformDouble(key, i + 1) - 0.5);
        bins[(int) (u * bins.length)]++;
      }
      assertThat(sum / n).isEqualTo(0.5, within(5 * Math.sqrt(1 / 12.0 / n)));
      assertThat(squares / n).isEqualTo(1 / 12.0, within(5 * Math.sqrt(1 / 180.0 / n)));
      assertThat(neighbours / n).isEqualTo(0, within(5 / 12.0 / Math.sqrt(n)));
      assertThat(chiSquare(bins, n)).isBetween(255 - 5 * Math.sqrt(510), 255 + 5 * Math.sqrt(510));
    }
  }

  /** The same index under neighbouring keys: what a dropout mask looks like over the steps. */
  @Test
  void stepsAndLayersAreIndependent() {
    int n = 100_000;
    int[] bySteps = new int[64];
    int[] byLayers = new int[64];
    for (int i = 0; i < n; i++) {
      bySteps[(int) (64 * Randoms.uniform(Randoms.key(9, i, 0), 0))]++;
      byLayers[(int) (64 * Randoms.uniform(Randoms.key(9, 0, i), 0))]++;
    }
    double margin = 5 * Math.sqrt(2 * 63);
    assertThat(chiSquare(bySteps, n)).isBetween(63 - margin, 63 + margin);
    assertThat(chiSquare(byLayers, n)).isBetween(63 - margin, 63 + margin);
  }

  @Test
  void normalHasItsMoments() {
    int n = 200_000;
    long key = Randoms.key(42, 0, 0);
    double sum = 0;
    double squares = 0;
    double fourth = 0;
    int beyondTwo = 0;
    for (int i = 0; i < n; i++) {
      double z = Randoms.normal(key, i);
      sum += z;
      squares += z * z;
      fourth += z * z * z * z;
      beyondTwo += Math.abs(z) > 2 ? 1 : 0;
    }
    assertThat(sum / n).isEqualTo(0, within(5 / Math.sqrt(n)));
    assertThat(squares / n).isEqualTo(1, within(5 * Math.sqrt(2.0 / n)));
    assertThat(fourth / n).isEqualTo(3, within(5 * Math.sqrt(96.0 / n)));
    double tail = 0.045500263896358;
    assertThat((double) beyondTwo / n)
        .isEqualTo(tail, within(5 * Math.sqrt(tail * (1 - tail) / n)));
  }

  @Test
  void everyOrderIsEquallyLikely() {
    Map<String, Integer> counts = new HashMap<>();
    int n = 24_000;
    for (int seed = 0; seed < n; seed++) {
      counts.merge(Arrays.toString(Randoms.permutation(seed, 4)), 1, Integer::sum);
    }
    assertThat(counts).hasSize(24);
    int[] bins = counts.values().stream().mapToInt(Integer::intValue).toArray();
    double margin = 5 * Math.sqrt(2 * 23);
    assertThat(chiSquare(bins, n)).isBetween(Math.max(0, 23 - margin), 23 + margin);
  }

  @Test
  void permutationsOfNothing() {
    assertThat(Randoms.permutation(1, 0)).isEmpty();
    assertThat(Randoms.permutation(1, 1)).containsExactly(0);
    assertThatThrownBy(() -> Randoms.permutation(1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A permutation of -1 items: must be at least 0.");
  }

  private static double chiSquare(int[] bins, int n) {
    double expected = (double) n / bins.length;
    double sum = 0;
    for (int count : bins) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
  }
}
