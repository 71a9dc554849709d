package dev.tenon.runtime.typed;

import dev.tenon.runtime.BaseModel;
import dev.tenon.runtime.Counter;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.RunningStat;
import dev.tenon.runtime.Tensor;
import java.util.List;

/**
 * A record as the input of a network: how its components become a row of numbers, and by which
 * statistics those are normalised.
 *
 * @param <F> the record
 */
public final class FeatureType<F> {
  private static final String MEAN = "features.mean";
  private static final String STD = "features.std";
  private static final String SAMPLES = "features.num_samples";

  private final String network;
  private final Columns columns;
  private final RowWriter<F> writer;
  private final boolean normalizes;

  /**
   * Describes a record.
   *
   * @param network name of the network, for messages
   * @param columns what its values are called
   * @param writer writes them
   * @param normalizes whether the network's state has statistics of them
   */
  public FeatureType(String network, Columns columns, RowWriter<F> writer, boolean normalizes) {
    this.network = network;
    this.columns = columns;
    this.writer = writer;
    this.normalizes = normalizes;
  }

  /**
   * What the values are called.
   *
   * @return one column for each value of the network's input
   */
  public Columns columns() {
    return columns;
  }

  /**
   * Whether the network normalises: {@code @Network(normalize = true)}.
   *
   * @return true if the state has a mean and a standard deviation for every column
   */
  public boolean normalizes() {
    return normalizes;
  }

  /** Whether there is something left to learn before a record can become an input. */
  boolean needsStatistics(BaseModel model) {
    return normalizes && model.state().counter(SAMPLES).get() == 0;
  }

  Tensor tensor(BaseModel model, List<? extends F> samples) {
    return Rows.tensor(network, columns, writer, model.dtype(), samples, change(model));
  }

  Tensor tensor(BaseModel model, F sample) {
    return Rows.tensor(network, columns, writer, model.dtype(), sample, change(model));
  }

  private Rows.Change change(BaseModel model) {
    if (!normalizes) {
      return row -> {};
    }
    if (needsStatistics(model)) {
      throw new IllegalStateException(
          network
              + ": it normalises by the mean and the standard deviation of its training set, which"
              + " are not known yet. Call fit(features, labels, ...) or normalizeBy(features)"
              + " first, or copy a state that has them.");
    }
    double[] mean = model.state().runningStat(MEAN).value().toDoubleArray();
    double[] std = model.state().runningStat(STD).value().toDoubleArray();
    return row -> {
      for (int i = 0; i < row.length; i++) {
        row[i] = (row[i] - mean[i]) / std[i];
      }
    };
  }

  /** Learns the statistics; changes nothing if a sample is wrong. */
  void learn(BaseModel model, List<? extends F> samples) {
    if (!normalizes) {
      throw new IllegalStateException(
          network + ": it does not normalise; write @Network(normalize = true).");
    }
    if (samples.isEmpty()) {
      throw new IllegalArgumentException(
          network + ": there is no sample to take the mean and the standard deviation of.");
    }
    int size = columns.size();
    Row row = new Row(network, columns);
    double[] values = row.values();
    double[] mean = new double[size];
    double[] least = new double[size];
    double[] most = new double[size];
    int index = 0;
    for (F sample : samples) {
      row.write(sample, writer, index);
      for (int i = 0; i < size; i++) {
        mean[i] += values[i];
        least[i] = index == 0 ? values[i] : Math.min(least[i], values[i]);
        most[i] = index == 0 ? values[i] : Math.max(most[i], values[i]);
      }
      index++;
    }
    for (int i = 0; i < size; i++) {
      mean[i] /= index;
    }
    double[] squares = new double[size];
    for (F sample : samples) {
      row.write(sample, writer, 0);
      for (int i = 0; i < size; i++) {
        double off = values[i] - mean[i];
        squares[i] += off * off;
      }
    }
    RunningStat means = model.state().runningStat(MEAN);
    RunningStat deviations = model.state().runningStat(STD);
    for (int i = 0; i < size; i++) {
      double std = Math.sqrt(squares[i] / index);
      // A column that never changes says nothing; divided by what rounding left, it would shout.
      boolean constant = least[i] == most[i] || rounded(model.dtype(), std) == 0;
      boolean number = columns.isNumber(i);
      means.set(number ? mean[i] : 0, i);
      deviations.set(number && !constant ? std : 1, i);
    }
    Counter counter = model.state().counter(SAMPLES);
    counter.set(index);
  }

  private static double rounded(DType dtype, double value) {
    return dtype == DType.FLOAT32 ? (float) value : value;
  }
}
