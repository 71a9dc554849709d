package dev.tenon.processor.layer;

import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A layer with every size known: what it gives, what it keeps, and what it computes. */
public interface BoundLayer {
  /** Per-sample shape of what the layer gives. */
  Shape output();

  /** The state in state-dictionary order (parameters before running statistics and counters). */
  List<StateSpec> state();

  /**
   * Whether a training step needs more than one value per channel: the number of values per channel
   * that one sample brings, or 0 when any batch will do.
   */
  default int valuesPerSampleForStatistics() {
    return 0;
  }

  /**
   * Whether its statistics can be frozen while it trains; its view then has {@code
   * areStatisticsFrozen()}, and the layer may lower conditional steps.
   */
  default boolean canFreezeStatistics() {
    return false;
  }

  /** What {@code HostScalar.Kind.DROP_PROBABILITY} is for this layer while it trains. */
  default OptionalDouble dropProbability() {
    return OptionalDouble.empty();
  }

  /** Whether it starts frozen. */
  default boolean startsFrozen() {
    return false;
  }

  /** Whether the evaluation forward needs more than one value per channel as well. */
  default boolean predictsByBatchStatistics() {
    return false;
  }

  /**
   * Whether every value that it gives is made of one value of its input: what is done to single
   * values before it, such as dropping them, is still there behind it.
   */
  default boolean isElementwise() {
    return false;
  }

  /** Whether it has a weight that multiplies and adds up what flows in, such as a convolution. */
  default boolean isWeighted() {
    return false;
  }

  /**
   * Whether a training step takes away every constant that is added to a whole channel of its
   * input, so that a bias directly before it has no effect.
   */
  default boolean cancelsBias() {
    return false;
  }

  /**
   * The weight of a new observation in running statistics.
   *
   * @param momentum the weight, unless averaging cumulatively
   * @param counter state entry whose count is averaged over, or empty for the constant momentum
   */
  record AverageFactor(double momentum, String counter) {}

  /** What {@code HostScalar.Kind.AVERAGE_FACTOR} is for this layer, if its nests use it. */
  default Optional<AverageFactor> averageFactor() {
    return Optional.empty();
  }

  /** Whether each value that it gives is the largest of some that it reads, or NaN among them. */
  default boolean takesMaxima() {
    return false;
  }

  /**
   * The same layer behind one that takes maxima, if it may change places with it: it works on each
   * value for itself, never gives a smaller value for a larger one, and its derivative is 0 where
   * it gives the same for different ones.
   *
   * @param shape per-sample shape of the maxima
   */
  default Optional<BoundLayer> onMaxima(Shape shape) {
    return Optional.empty();
  }

  /** What all indices that it reads must be less than; 0 for a layer that reads real numbers. */
  default int indexLimit() {
    return 0;
  }

  /** Writes what the layer computes as loop nests: what, never how fast. */
  void lower(Lowering lowering);
}
