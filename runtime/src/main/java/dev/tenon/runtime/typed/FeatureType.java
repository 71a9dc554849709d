package dev.tenon.runtime.typed;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.state.EndType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A record as the input of a network, or as all of its inputs: how its components become rows of
 * numbers, and by which statistics those are normalised.
 *
 * <p>Internal: for generated code, and may change with any version.
 *
 * @param <F> the record
 */
public final class FeatureType<F> {
  private static final String PREFIX = "features";

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
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(inputs, "inputs");
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

  /**
   * What a file of the model remembers of the record.
   *
   * @return the values of all inputs, in the network's order
   */
  public EndType end() {
    return new EndType(
        columns().type(),
        inputs.stream().flatMap(input -> input.columns().values().stream()).toList());
  }

  /** Whether there is something left to learn before a record can become an input. */
  boolean needsStatistics(Model model) {
    return normalizes && !Statistics.areKnown(model.state(), PREFIX);
  }

  /** A tensor for each input. */
  Tensor[] tensors(Model model, List<? extends F> samples) {
    return each(
        model,
        (input, moments) ->
            input.isIndex()
                ? Rows.indices(network, input.columns(), input.writer(), samples)
                : Rows.tensor(
                    network, input.columns(), input.writer(), model.dtype(), samples, moments));
  }

  /** A tensor of one sample for each input. */
  Tensor[] tensors(Model model, F sample) {
    return each(
        model,
        (input, moments) ->
            input.isIndex()
                ? Rows.index(network, input.columns(), input.writer(), sample)
                : Rows.tensor(
                    network, input.columns(), input.writer(), model.dtype(), sample, moments));
  }

  /** The only input's tensor. */
  Tensor tensor(Model model, List<? extends F> samples) {
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
    Tensor of(FeatureInput<F> input, Moments moments);
  }

  private Tensor[] each(Model model, Conversion<F> conversion) {
    requireStatistics(model);
    Tensor[] tensors = new Tensor[inputs.size()];
    int from = 0;
    for (int i = 0; i < tensors.length; i++) {
      int numbers = numbersOf(inputs.get(i));
      Moments moments =
          normalizes ? Moments.in(model.state(), PREFIX, from, numbers) : Moments.none(numbers);
      tensors[i] = conversion.of(inputs.get(i), moments);
      from += numbers;
    }
    return tensors;
  }

  /** How many of the columns with statistics an input has. */
  private static int numbersOf(FeatureInput<?> input) {
    return input.isIndex() ? 0 : input.columns().size();
  }

  private void requireStatistics(Model model) {
    if (needsStatistics(model)) {
      throw new IllegalStateException(
          network
              + ": it normalises by the mean and the standard deviation of its training set, which"
              + " are not known yet. Call fit(features, labels, ...) or normalizeBy(features)"
              + " first, or copy a state that has them.");
    }
  }

  /** Takes back what {@link #learn} did. */
  void forget(Model model) {
    Statistics.forget(model.state(), PREFIX);
  }

  /** Learns the statistics; changes nothing if a sample is wrong. */
  void learn(Model model, List<? extends F> samples) {
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
      moments.add(
          input.isIndex()
              ? Moments.none(0)
              : Moments.of(network, input.columns(), input.writer(), samples));
    }
    int from = 0;
    for (int i = 0; i < moments.size(); i++) {
      moments.get(i).write(model.state(), PREFIX, from);
      from += numbersOf(inputs.get(i));
    }
    Statistics.takenOf(model.state(), PREFIX, samples.size());
  }
}
