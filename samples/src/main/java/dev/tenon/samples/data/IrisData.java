package dev.tenon.samples.data;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import java.util.List;
import org.apache.commons.csv.CSVRecord;

/** Fisher's 150 irises. */
public final class IrisData {
  private static final int MEASUREMENTS = 4;

  private IrisData() {}

  /**
   * All plants, in the order of the file.
   *
   * @return length and width of the sepals, length and width of the petals {@code [150, 4]}, in cm;
   *     labels are positions in {@link #species}
   */
  public static Dataset<int[]> load() {
    List<CSVRecord> all = CsvRows.read("iris.csv");
    List<CSVRecord> rows = all.subList(1, all.size());
    float[] measurements = new float[rows.size() * MEASUREMENTS];
    int[] labels = new int[rows.size()];
    for (int plant = 0; plant < labels.length; plant++) {
      CSVRecord row = rows.get(plant);
      for (int column = 0; column < MEASUREMENTS; column++) {
        measurements[plant * MEASUREMENTS + column] = Float.parseFloat(row.get(column));
      }
      labels[plant] = Integer.parseInt(row.get(MEASUREMENTS));
    }
    return Dataset.of(Tensor.of(measurements, labels.length, MEASUREMENTS), labels);
  }

  /**
   * The names of the species, which the first line of the file gives behind its two counts.
   *
   * @return setosa, versicolor, virginica
   */
  public static List<String> species() {
    List<String> header = CsvRows.read("iris.csv").get(0).toList();
    return header.subList(2, header.size());
  }
}
