package dev.tenon.runtime.typed;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.state.State;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Of each column of some records, the mean and the standard deviation, in double. A mean has a
 * remainder beyond its nearest double, so that longs which a double cannot tell apart keep their
 * distance from it.
 */
final class Moments {
  private final double[] mean;
  private final double[] remainder;
  private final double[] std;

  private Moments(double[] mean, double[] remainder, double[] std) {
    this.mean = mean;
    this.remainder = remainder;
    this.std = std;
  }

  /** Of columns that are left as they are. */
  static Moments none(int columns) {
    double[] std = new double[columns];
    Arrays.fill(std, 1);
    return new Moments(new double[columns], new double[columns], std);
  }

  /**
   * Of samples. Columns that are no numbers, and those of one value, are not scaled.
   *
   * @throws IllegalArgumentException if a sample is wrong, or a column has a spread that a double
   *     cannot hold
   */
  static <V> Moments of(
      String network, Columns columns, RowWriter<V> writer, List<? extends V> samples) {
    int size = columns.size();
    Row row = new Row(network, columns);
    // Relative to the first sample, sums neither overflow nor lose what is small.
    double[] first = new double[size];
    double[] firstLow = new double[size];
    double[] least = new double[size];
    double[] most = new double[size];
    double[] lowest = new double[size];
    double[] highest = new double[size];
    int index = 0;
    for (V sample : samples) {
      row.write(sample, writer, index);
      if (index++ == 0) {
        System.arraycopy(row.values(), 0, first, 0, size);
        System.arraycopy(row.remainders(), 0, firstLow, 0, size);
        System.arraycopy(first, 0, lowest, 0, size);
        System.arraycopy(first, 0, highest, 0, size);
      }
      for (int i = 0; i < size; i++) {
        double off = row.minus(i, first[i], firstLow[i]);
        least[i] = Math.min(least[i], off);
        most[i] = Math.max(most[i], off);
        lowest[i] = Math.min(lowest[i], row.values()[i]);
        highest[i] = Math.max(highest[i], row.values()[i]);
      }
    }
    Moments moments = none(size);
    double[] unit = new double[size];
    for (int i = 0; i < size; i++) {
      double spread = Math.max(most[i], -least[i]);
      if (Double.isInfinite(most[i] - least[i])) {
        throw row.tooWide(i, lowest[i], highest[i]);
      }
      // A power of two, so that it changes no digit.
      unit[i] = spread == 0 ? 1 : Math.scalb(1.0, Math.getExponent(spread));
    }
    double[] sum = new double[size];
    int count = samples.size();
    sum(
        network,
        columns,
        writer,
        samples,
        (r, i) -> sum[i] += r.minus(i, first[i], firstLow[i]) / unit[i]);
    double[] centre = new double[size];
    for (int i = 0; i < size; i++) {
      centre[i] = sum[i] / count;
    }
    double[] left = new double[size];
    double[] squares = new double[size];
    sum(
        network,
        columns,
        writer,
        samples,
        (r, i) -> {
          double off = r.minus(i, first[i], firstLow[i]) / unit[i] - centre[i];
          left[i] += off;
          squares[i] += off * off;
        });
    for (int i = 0; i < size; i++) {
      // A column that never changes says nothing, and has nothing to be divided by.
      boolean constant = least[i] == 0 && most[i] == 0;
      if (columns.isNumber(i)) {
        double shift = left[i] / count;
        moments.centre(i, first[i], firstLow[i], unit[i] * (centre[i] + shift));
        double variance = Math.max(0, squares[i] / count - shift * shift);
        moments.std[i] = constant ? 1 : unit[i] * Math.sqrt(variance);
      }
    }
    return moments;
  }

  private interface Term {
    void add(Row row, int column);
  }

  private static <V> void sum(
      String network, Columns columns, RowWriter<V> writer, List<? extends V> samples, Term term) {
    Row row = new Row(network, columns);
    int index = 0;
    for (V sample : samples) {
      row.write(sample, writer, index++);
      for (int i = 0; i < columns.size(); i++) {
        term.add(row, i);
      }
    }
  }

  /** The mean as a sum of two doubles of which the first is the nearest to the whole. */
  private void centre(int column, double first, double firstLow, double off) {
    double high = first + off;
    double part = high - first;
    double low = (first - (high - part)) + (off - part) + firstLow;
    mean[column] = high + low;
    remainder[column] = low - (mean[column] - high);
  }

  /** What the state of a model has under a prefix. */
  static Moments in(State state, String prefix, int from, int columns) {
    Map<String, Tensor> tensors = state.tensors();
    Tensor low = tensors.get(prefix + Statistics.REMAINDER);
    return new Moments(
        range(tensors.get(prefix + Statistics.MEAN), from, columns),
        low == null ? new double[columns] : range(low, from, columns),
        range(tensors.get(prefix + Statistics.STD), from, columns));
  }

  private static double[] range(Tensor tensor, int from, int columns) {
    return Arrays.copyOfRange(tensor.toDoubleArray(), from, from + columns);
  }

  /** Writes all to the state of a model, from a column on. */
  void write(State state, String prefix, int from) {
    Map<String, Tensor> tensors = state.tensors();
    Tensor low = tensors.get(prefix + Statistics.REMAINDER);
    for (int i = 0; i < mean.length; i++) {
      tensors.get(prefix + Statistics.MEAN).set(mean[i], from + i);
      tensors.get(prefix + Statistics.STD).set(std[i], from + i);
      if (low != null) {
        low.set(remainder[i], from + i);
      }
    }
  }

  /** A value of a row in standard deviations from the mean. */
  double normalized(Row row, int column) {
    boolean asItIs = mean[column] == 0 && remainder[column] == 0 && std[column] == 1;
    return asItIs
        ? row.values()[column]
        : row.minus(column, mean[column], remainder[column]) / std[column];
  }

  /** What {@link #normalized} makes a value of. */
  double restored(double normalized, int column) {
    return normalized * std[column] + mean[column];
  }

  double mean(int column) {
    return mean[column];
  }

  double std(int column) {
    return std[column];
  }
}
