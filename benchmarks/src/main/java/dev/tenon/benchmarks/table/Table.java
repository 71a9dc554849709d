package dev.tenon.benchmarks.table;

import dev.tenon.benchmarks.peers.Tenon;
import dev.tenon.benchmarks.workload.Workload;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table, as Markdown with its columns under one another. */
final class Table {
  private static final String NOTHING = "-";

  /**
   * A part of the limit above this says that the limit is wrong, not that the impossible was done.
   */
  private static final double POSSIBLE = 1.1;

  private final List<Workload> workloads;
  private final List<Integer> threads;
  private final List<String> contenders;
  private final PeakCommand.Limits limits;

  Table(
      List<Workload> workloads,
      List<Integer> threads,
      List<String> contenders,
      PeakCommand.Limits limits) {
    this.workloads = workloads;
    this.threads = threads;
    this.contenders = contenders;
    this.limits = limits;
  }

  void print(List<Row> rows, PrintWriter out) {
    List<List<String>> cells = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("workload", "threads"));
    for (String contender : contenders) {
      header.add(contender + " ms");
      if (!contender.equals(Tenon.NAME)) {
        header.add("ratio");
      } else {
        header.add("reaches");
        header.add("of limit");
      }
    }
    cells.add(header);
    for (Workload workload : workloads) {
      for (int count : threads) {
        cells.add(line(workload, count, rows));
      }
    }
    printLines(cells, out);
    out.println();
    explain(rows, out);
  }

  private List<String> line(Workload workload, int count, List<Row> rows) {
    Map<String, Row> byContender = new LinkedHashMap<>();
    for (Row row : rows) {
      if (row.workload().equals(workload.name()) && row.threads() == count && row.hasFigure()) {
        byContender.put(row.contender(), row);
      }
    }
    Row ours = byContender.get(Tenon.NAME);
    List<String> line = new ArrayList<>(List.of(workload.name(), Integer.toString(count)));
    for (String contender : contenders) {
      Row row = byContender.get(contender);
      line.add(row == null ? NOTHING : milliseconds(row.milliseconds()));
      if (contender.equals(Tenon.NAME)) {
        line.addAll(reached(workload, count, row));
      } else {
        line.add(
            row == null || ours == null
                ? NOTHING
                : String.format(Locale.ROOT, "%.2f", row.milliseconds() / ours.milliseconds()));
      }
    }
    return line;
  }

  private List<String> reached(Workload workload, int count, Row ours) {
    if (ours == null) {
      return List.of(NOTHING, NOTHING);
    }
    boolean memory = workload.flops() == 0;
    double work = memory ? workload.batchNormBytes() : workload.flops();
    double limit =
        memory
            ? limits.bandwidth().get(count).get(workload.inputSize())
            : limits.flops().get(count);
    double rate = work / (ours.milliseconds() / 1e3);
    return List.of(
        String.format(Locale.ROOT, "%.1f %s", rate / 1e9, memory ? "GB/s" : "GFLOP/s"),
        rate / limit > POSSIBLE
            ? "limit?"
            : String.format(Locale.ROOT, "%.0f %%", 100 * rate / limit));
  }

  private void explain(List<Row> rows, PrintWriter out) {
    out.println(
        "Milliseconds are medians. A ratio is a peer's time by Tenon's: above 1, Tenon wins.");
    for (int count : threads) {
      out.printf(
          Locale.ROOT,
          "Limits, threads %d (%s): %.0f GFLOP/s",
          count,
          limits.name(),
          limits.flops().get(count) / 1e9);
      for (Map.Entry<Integer, Double> entry : limits.bandwidth().get(count).entrySet()) {
        out.printf(
            Locale.ROOT,
            "; %.0f GB/s in arrays of %d floats",
            entry.getValue() / 1e9,
            entry.getKey());
      }
      out.println(".");
    }
    for (String contender : contenders) {
      List<String> kinds = new ArrayList<>();
      for (Row row : rows) {
        if (row.contender().equals(contender) && row.hasFigure()) {
          String kind = contender + " " + row.version();
          if (!kinds.contains(kind)) {
            kinds.add(kind);
          }
        }
      }
      kinds.forEach(kind -> out.println("Measured: " + kind + "."));
    }
    for (String contender : contenders) {
      explainVariants(contender, rows, out);
    }
    double largest = rows.stream().mapToDouble(Row::error).max().orElse(0);
    out.printf(
        Locale.ROOT,
        "Every answer was checked; the largest error is %.1e of its array's largest value.%n",
        largest);
    for (Row row : rows) {
      if (!row.hasFigure() && !row.note().equals("not supported")) {
        out.println(
            "No figure of "
                + row.contender()
                + ", "
                + row.workload()
                + ", threads "
                + row.threads()
                + ": "
                + row.note().lines().findFirst().orElse("")
                + ".");
      }
    }
  }

  private static void explainVariants(String contender, List<Row> rows, PrintWriter out) {
    Map<String, List<String>> byVariant = new LinkedHashMap<>();
    for (Row row : rows) {
      if (row.contender().equals(contender) && row.hasFigure() && !row.variant().isEmpty()) {
        byVariant
            .computeIfAbsent(row.variant(), variant -> new ArrayList<>())
            .add(row.workload() + " (" + row.threads() + ")");
      }
    }
    byVariant.forEach(
        (variant, where) ->
            out.println(contender + ", " + variant + ": " + String.join(", ", where) + "."));
  }

  private static String milliseconds(double value) {
    String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.4f";
    return String.format(Locale.ROOT, format, value);
  }

  private static void printLines(List<List<String>> cells, PrintWriter out) {
    int columns = cells.get(0).size();
    int[] widths = new int[columns];
    for (List<String> line : cells) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], line.get(c).length());
      }
    }
    for (int l = 0; l < cells.size(); l++) {
      StringBuilder text = new StringBuilder("|");
      for (int c = 0; c < columns; c++) {
        String cell = cells.get(l).get(c);
        String space = " ".repeat(widths[c] - cell.length());
        text.append(' ').append(c == 0 ? cell + space : space + cell).append(" |");
      }
      out.println(text);
      if (l == 0) {
        StringBuilder rule = new StringBuilder("|");
        for (int c = 0; c < columns; c++) {
          rule.append(c == 0 ? "-" : "").append("-".repeat(widths[c] + 1));
          rule.append(c == 0 ? "|" : ":|");
        }
        out.println(rule);
      }
    }
  }
}
