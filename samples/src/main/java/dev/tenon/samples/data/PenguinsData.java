package dev.tenon.samples.data;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Split;
import java.util.List;
import org.apache.commons.csv.CSVRecord;

/** Penguins of three species around Palmer Station, Antarctica: sizes, island and sex. */
public final class PenguinsData {
  /** The islands, by their indices. */
  public static final List<String> ISLANDS = List.of("Biscoe", "Dream", "Torgersen");

  /** The sexes, by their indices; of some penguins it is not known. */
  public static final List<String> SEXES = List.of("NA", "female", "male");

  /** The species, by their labels. */
  public static final List<String> SPECIES = List.of("Adelie", "Chinstrap", "Gentoo");

  /** Share of the penguins that a network is tested by. */
  private static final double TEST_FRACTION = 0.25;

  private static final long SPLIT_SEED = 1;

  private static final int SIZES = 4;
  private static final int FIRST_SIZE = 2;
  private static final String MISSING = "NA";

  private PenguinsData() {}

  /**
   * All penguins that were measured, in the order of the file.
   *
   * @return three inputs: length and depth of the bill and length of the flippers in mm, body mass
   *     in g {@code [342, 4]}; the index of the island {@code [342]}; that of the sex {@code
   *     [342]}. Labels are positions in {@link #SPECIES}
   */
  public static Dataset<int[]> load() {
    List<CSVRecord> all = CsvRows.read("penguins.csv");
    List<CSVRecord> rows =
        all.subList(1, all.size()).stream()
            .filter(row -> !row.get(FIRST_SIZE).equals(MISSING))
            .toList();
    float[] sizes = new float[rows.size() * SIZES];
    int[] islands = new int[rows.size()];
    int[] sexes = new int[rows.size()];
    int[] labels = new int[rows.size()];
    for (int penguin = 0; penguin < labels.length; penguin++) {
      CSVRecord row = rows.get(penguin);
      labels[penguin] = SPECIES.indexOf(row.get(0));
      islands[penguin] = ISLANDS.indexOf(row.get(1));
      for (int size = 0; size < SIZES; size++) {
        sizes[penguin * SIZES + size] = Float.parseFloat(row.get(FIRST_SIZE + size));
      }
      sexes[penguin] = SEXES.indexOf(row.get(FIRST_SIZE + SIZES));
    }
    return Dataset.of(
        List.of(
            Tensor.of(sizes, labels.length, SIZES),
            Tensor.of(islands, labels.length),
            Tensor.of(sexes, labels.length)),
        labels);
  }

  /**
   * A fixed split with the same share of every species in both parts.
   *
   * @return 256 penguins to learn from, 86 to be tested by
   */
  public static Split<int[]> split() {
    return load().stratifiedSplit(TEST_FRACTION, SPLIT_SEED);
  }
}
