package dev.tenon.benchmarks.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Rows for other programs. */
final class Rows {
  private static final String[] HEADER = {
    "workload",
    "threads",
    "contender",
    "version",
    "variant",
    "milliseconds",
    "fastest",
    "slowest",
    "rounds",
    "error",
    "note"
  };

  private Rows() {}

  static void writeCsv(List<Row> rows, PrintWriter out) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader(HEADER).setRecordSeparator('\n').get();
    CSVPrinter printer = new CSVPrinter(out, format);
    for (Row row : rows) {
      printer.printRecord(
          row.workload(),
          row.threads(),
          row.contender(),
          row.version(),
          row.variant(),
          row.milliseconds(),
          row.fastest(),
          row.slowest(),
          row.rounds(),
          row.error(),
          row.note());
    }
    printer.flush();
  }

  static void writeJson(List<Row> rows, PrintWriter out) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    out.println(mapper.writeValueAsString(rows));
  }
}
