package dev.tenon.samples.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.train.Dataset;
import org.junit.jupiter.api.Test;

class IrisDataTest {
  @Test
  void flowersAreReadWithTheirSpecies() {
    Dataset<int[]> all = IrisData.load();

    assertThat(all.features().shape()).containsExactly(150, 4);
    // The second line of the file, the first flower: 5.1,3.5,1.4,0.2,0
    assertThat(all.features().get(0, 0)).isEqualTo(5.1f);
    assertThat(all.features().get(0, 3)).isEqualTo(0.2f);
    assertThat(all.targets()[0]).isZero();
    assertThat(all.targets()[149]).isEqualTo(2);
    assertThat(IrisData.species()).containsExactly("setosa", "versicolor", "virginica");
  }
}
