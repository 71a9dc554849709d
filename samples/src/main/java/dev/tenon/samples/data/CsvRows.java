package dev.tenon.samples.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads the tables beside this class. */
final class CsvRows {
  private CsvRows() {}

  /**
   * All rows of a table, the first line included.
   *
   * @param name file name; one that ends in {@code .gz} is unpacked
   */
  static List<CSVRecord> read(String name) {
    try (InputStream file = CsvRows.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is not beside " + CsvRows.class.getName() + ".");
      }
      InputStream bytes = name.endsWith(".gz") ? new GZIPInputStream(file) : file;
      try (CSVParser parser =
          CSVFormat.DEFAULT.parse(new BufferedReader(new InputStreamReader(bytes, UTF_8)))) {
        return parser.getRecords();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + name, e);
    }
  }
}
