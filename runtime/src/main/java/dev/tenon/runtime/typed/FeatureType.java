package dev.tenon.runtime.typed;

import dev.tenon.runtime.BaseModel;
import dev.tenon.runtime.Counter;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.RunningStat;
import dev.tenon.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A record as the input of a network, or as all of its inputs: how its components become rows of
 * numbers, and by which statistics those are normalised.
 *
 * @param <F> the record
 */
public final class FeatureType<F> {
  private static final String MEAN = "features.mean";
  private static final String STD = "features.std";
  private static final String SAMPLES = "features.num_samples";

  private final String network;
  private final List<FeatureInput<F>> inputs;
  private final boolean normalizes;

  /**
   * Describes a record.
   *
   * @param network name of the network, for messages
   * @param inputs those of the network, in its order
   * @param normalizes whether the network's state has statistics of the numbers
   */
  public FeatureType(String network, List<FeatureInput<F>> inputs, boolean normalizes) {
    this.network = network;
    this.inputs = List.copyOf(inputs);
    this.normalizes = normalizes;
  }

  /**
   * The network's inputs, each made of components of the record.
   *
   * @return at least one, in the network's order
   */
  public List<FeatureInput<F>> inputs() {
    return inputs;
  }

  /**
   * What the values of the first input are called: of all components that no layer reads by name.
   *
   * @return one column for each value of the network's first input
   */
  public Columns columns() {
    return inputs.get(0).columns();
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

  /** A tensor for each input. */
  Tensor[] tensors(BaseModel model, List<? extends F> samples) {
    return each(
        model,
        (input, change) ->
            input.isIndex()
                ? Rows.indices(network, input.columns(), input.writer(), samples)
                : Rows.tensor(
                    network, input.columns(), input.writer(), model.dtype(), samples, change));
  }

  /** A tensor of one sample for each input. */
  Tensor[] tensors(BaseModel model, F sample) {
    return each(
        model,
        (input, change) ->
            input.isIndex()
                ? Rows.index(network, input.columns(), input.writer(), sample)
                : Rows.tensor(
                    network, input.columns(), input.writer(), model.dtype(), sample, change));
  }

  /** The only input's tensor. */
  Tensor tensor(BaseModel model, List<? extends F> samples) {
    if (inputs.size() > 1) {
      throw new IllegalStateException(
          network
              + ": layers read components of "
              + columns().type()
              + " by name, so a sample makes "
              + inputs.size()
              + " tensors, not one; call tensors(samples).");
    }
    return tensors(model, samples)[0];
  }

  /** Makes the tensor of an input. */
  private interface Conversion<F> {
    Tensor of(FeatureInput<F> input, Rows.Change change);
  }

  private Tensor[] each(BaseModel model, Conversion<F> conversion) {
    requireStatistics(model);
    Tensor[] tensors = new Tensor[inputs.size()];
    int from = 0;
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = conversion.of(inputs.get(i), change(model, from));
      from += numbersOf(inputs.get(i));
    }
    return tensors;
  }

  /** How many of the columns with statistics an input has. */
  private static int numbersOf(FeatureInput<?> input) {
    return input.isIndex() ? 0 : input.columns().size();
  }

  private void requireStatistics(BaseModel model) {
    if (needsStatistics(model)) {
      throw new IllegalStateException(
          network
              + ": it normalises by the mean and the standard deviation of its training set, which"
              + " are not known yet. Call fit(features, labels, ...) or normalizeBy(features)"
              + " first, or copy a state that has them.");
    }
  }

  /** Normalises by the statistics that begin at a column. */
  private Rows.Change change(BaseModel model, int from) {
    if (!normalizes) {
      return row -> {};
    }
    double[] mean = model.state().runningStat(MEAN).value().toDoubleArray();
    double[] std = model.state().runningStat(STD).value().toDoubleArray();
    return row -> {
      for (int i = 0; i < row.length; i++) {
        row[i] = (row[i] - mean[from + i]) / std[from + i];
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
    List<Moments> moments = new ArrayList<>();
    for (FeatureInput<F> input : inputs) {
      moments.add(input.isIndex() ? null : moments(model, input, samples));
    }
    RunningStat means = model.state().runningStat(MEAN);
    RunningStat deviations = model.state().runningStat(STD);
    int at = 0;
    for (Moments ofInput : moments) {
      for (int i = 0; ofInput != null && i < ofInput.mean().length; i++) {
        means.set(ofInput.mean()[i], at);
        deviations.set(ofInput.std()[i], at++);
      }
    }
    Counter counter = model.state().counter(SAMPLES);
    counter.set(samples.size());
  }

  /** Of each column, the mean and the standard deviation. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record Moments(double[] mean, double[] std) {}

  private Moments moments(BaseModel model, FeatureInput<F> input, List<? extends F> samples) {
    int size = input.columns().size();
    Row row = new Row(network, input.columns());
    double[] values = row.values();
    double[] mean = new double[size];
    double[] least = new double[size];
    double[] most = new double[size];
    int index = 0;
    for (F sample : samples) {
      row.write(sample, input.writer(), index);
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
    double[] std = new double[size];
    for (F sample : samples) {
      row.write(sample, input.writer(), 0);
      for (int i = 0; i < size; i++) {
        double off = values[i] - mean[i];
        std[i] += off * off;
      }
    }
    for (int i = 0; i < size; i++) {
      std[i] = Math.sqrt(std[i] / index);
      // A column that never changes says nothing; divided by what rounding left, it would shout.
      boolean constant = least[i] == most[i] || rounded(model.dtype(), std[i]) == 0;
      boolean number = input.columns().isNumber(i);
      mean[i] = number ? mean[i] : 0;
      std[i] = number && !constant ? std[i] : 1;
    }
    return new Moments(mean, std);
  }

  private static double rounded(DType dtype, double value) {
    return dtype == DType.FLOAT32 ? (float) value : value;
  }
}
