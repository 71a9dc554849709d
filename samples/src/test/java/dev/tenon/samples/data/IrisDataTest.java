package dev.tenon.samples.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IrisDataTest {
  @Test
  void flowersAreReadWithTheirSpecies() {
    List<Flower> flowers = IrisData.flowers();
    List<Species> species = IrisData.species();

    assertThat(flowers).hasSize(150);
    // The second line of the file, the first flower: 5.1,3.5,1.4,0.2,0
    assertThat(flowers.get(0)).isEqualTo(new Flower(5.1f, 3.5f, 1.4f, 0.2f));
    assertThat(species).hasSize(150);
    assertThat(species.get(0)).isEqualTo(Species.SETOSA);
    assertThat(species.get(149)).isEqualTo(Species.VIRGINICA);
    // The first line names the labels 0, 1 and 2.
    assertThat(CsvRows.read("iris.csv").get(0).toList())
        .endsWith("setosa", "versicolor", "virginica");
  }
}
