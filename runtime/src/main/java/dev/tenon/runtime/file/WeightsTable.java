package dev.tenon.runtime.file;

import dev.tenon.runtime.text.Quoted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Weights as a table. */
final class WeightsTable {
  private WeightsTable() {}

  static String of(Source source) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"name", "type", "shape", "elements", "bytes"});
    long elements = 0;
    long bytes = 0;
    for (String name : source.names()) {
      WeightInfo info = source.info(name);
      elements += info.elements();
      bytes += info.bytes();
      rows.add(
          new String[] {
            Quoted.plain(name),
            Quoted.plain(info.type()),
            Arrays.toString(info.shape()),
            number(info.elements()),
            number(info.bytes())
          });
    }
    rows.add(
        new String[] {"total " + source.names().size(), "", "", number(elements), number(bytes)});
    StringBuilder text = new StringBuilder();
    text.append(source.origin()).append(" (").append(source.format()).append(")\n");
    append(text, rows, 3);
    Map<String, String> metadata = source.metadata();
    if (!metadata.isEmpty()) {
      List<String[]> pairs = new ArrayList<>();
      pairs.add(new String[] {"metadata", "value"});
      metadata.forEach((k, v) -> pairs.add(new String[] {Quoted.plain(k), Quoted.list(v)}));
      text.append('\n');
      append(text, pairs, 2);
    }
    if (!source.skipped().isEmpty()) {
      text.append("\nnot read: ")
          .append(String.join(", ", source.skipped().stream().map(Quoted::plain).toList()))
          .append('\n');
    }
    return text.toString();
  }

  /** Columns as wide as their widest cell, numbers to the right. */
  private static void append(StringBuilder text, List<String[]> rows, int firstNumber) {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row[column].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String padding = " ".repeat(widths[column] - row[column].length());
        line.append(column == 0 ? "" : "  ");
        line.append(column < firstNumber ? row[column] + padding : padding + row[column]);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
