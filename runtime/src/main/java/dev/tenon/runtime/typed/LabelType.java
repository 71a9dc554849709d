package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.state.EndType;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A Java type as the output of a network: how labels become targets, and outputs become predictions
 * again.
 *
 * <p>Internal: for generated code, and may change with any version.
 *
 * @param <L> what a label is
 * @param <P> what a prediction is
 * @param <T> type of a batch's targets
 */
public abstract sealed class LabelType<L, P, T> permits EnumLabels, BooleanLabels, RecordLabels {
  private final String network;

  LabelType(String network) {
    this.network = network;
  }

  /** Name of the network, for messages. */
  final String network() {
    return network;
  }

  /**
   * An enum: one score for each constant.
   *
   * @param network name of the network, for messages
   * @param type simple name of the enum, for messages
   * @param constants how many it had when the network was compiled
   * @param now those that it has
   * @param <L> the enum
   * @return the type
   * @throws IllegalStateException if there are more or fewer constants now
   */
  public static <L extends Enum<L>> LabelType<L, Classification<L>, int[]> ofEnum(
      String network, String type, int constants, L[] now) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(now, "now");
    Columns.requireSame(network + ", " + type, constants, now);
    return new EnumLabels<>(network, type, List.of(now));
  }

  /**
   * A boolean: one score, whose sigmoid is the probability of true.
   *
   * @param network name of the network, for messages
   * @return the type
   */
  public static LabelType<Boolean, Classification<Boolean>, Tensor> ofBoolean(String network) {
    Objects.requireNonNull(network, "network");
    return new BooleanLabels(network);
  }

  /**
   * A record of booleans: one score for each, whose sigmoid is the probability of true.
   *
   * @param network name of the network, for messages
   * @param columns what its values are called
   * @param writer writes them
   * @param reader makes the record
   * @param <L> the record
   * @return the type
   */
  public static <L> LabelType<L, MultiLabel<L>, Tensor> ofFlags(
      String network, Columns columns, RowWriter<L> writer, RowReader<L> reader) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(writer, "writer");
    Objects.requireNonNull(reader, "reader");
    return new FlagLabels<>(network, columns, writer, reader);
  }

  /**
   * A record of numbers: the network's outputs.
   *
   * @param network name of the network, for messages
   * @param columns what its values are called
   * @param writer writes them
   * @param reader makes the record
   * @param <L> the record
   * @return the type
   */
  public static <L> LabelType<L, L, Tensor> ofNumbers(
      String network, Columns columns, RowWriter<L> writer, RowReader<L> reader) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(writer, "writer");
    Objects.requireNonNull(reader, "reader");
    return new NumberLabels<>(network, columns, writer, reader);
  }

  /**
   * The loss that goes with the type: cross entropy for an enum, binary cross entropy for booleans,
   * the mean squared error for numbers.
   *
   * @return with its defaults
   */
  public abstract Loss<T> loss();

  /** Whether there is something left to learn before a label can become a target. */
  boolean needsStatistics(State state) {
    return false;
  }

  /** Learns what labels are normalised by; changes nothing if one is wrong. */
  void learn(State state, List<? extends L> labels) {}

  /** Takes back what {@link #learn} did. */
  void forget(State state) {}

  /** The loss with a weight for each label. */
  Loss<T> weighted(Loss<T> loss, Map<L, Double> weights) {
    throw new IllegalArgumentException(
        network
            + ": classWeight is for labels that are an enum. For booleans, give"
            + " loss(binaryCrossEntropyWithLogits().posWeight(...)).");
  }

  /**
   * What a file of the model remembers of the labels.
   *
   * @return the constants of an enum or the values of a record, in the order of the outputs
   */
  public abstract EndType end();

  /** The targets of labels. */
  abstract T targets(DType dtype, State state, List<? extends L> labels);

  /** Samples with their targets. */
  abstract Dataset<T> dataset(List<Tensor> inputs, T targets);

  /** The prediction that one sample's outputs mean. */
  abstract P decode(Outputs outputs);

  /** How good outputs are. */
  abstract TypedEvaluation<L> judge(
      Evaluation evaluation, State state, List<? extends L> labels, Tensor outputs);

  List<P> decode(State state, Tensor outputs) {
    int batch = outputs.dim(0);
    List<P> predictions = new ArrayList<>(batch);
    for (Outputs row : rows(state, outputs)) {
      predictions.add(decode(row));
    }
    return predictions;
  }

  /** The outputs of each sample. */
  final List<Outputs> rows(State state, Tensor outputs) {
    double[] values = outputs.toDoubleArray();
    int batch = outputs.dim(0);
    List<Outputs> rows = new ArrayList<>(batch);
    int length = batch == 0 ? 0 : values.length / batch;
    for (int i = 0; i < batch; i++) {
      double[] row = Arrays.copyOfRange(values, i * length, (i + 1) * length);
      rows.add(new Outputs(network, state, row, i, batch));
    }
    return rows;
  }

  static double sigmoid(double score) {
    return 1 / (1 + StrictMath.exp(-score));
  }
}
