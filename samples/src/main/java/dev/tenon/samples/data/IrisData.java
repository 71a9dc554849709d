package dev.tenon.samples.data;

import java.util.List;
import org.apache.commons.csv.CSVRecord;

/** Fisher's 150 irises, 50 of each species, one species after the other. */
public final class IrisData {
  private static final int SPECIES_COLUMN = 4;

  private IrisData() {}

  /**
   * The measurements.
   *
   * @return all flowers, in the order of the file
   */
  public static List<Flower> flowers() {
    return rows().stream()
        .map(row -> new Flower(number(row, 0), number(row, 1), number(row, 2), number(row, 3)))
        .toList();
  }

  /**
   * What the flowers are.
   *
   * @return the species of each flower, in the order of the file
   */
  public static List<Species> species() {
    List<Species> all = List.of(Species.values());
    return rows().stream().map(row -> all.get(Integer.parseInt(row.get(SPECIES_COLUMN)))).toList();
  }

  /** Without the first line, which has counts and names. */
  private static List<CSVRecord> rows() {
    List<CSVRecord> all = CsvRows.read("iris.csv");
    return all.subList(1, all.size());
  }

  private static float number(CSVRecord row, int column) {
    return Float.parseFloat(row.get(column));
  }
}
