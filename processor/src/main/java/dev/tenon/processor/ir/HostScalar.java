package dev.tenon.processor.ir;

/**
 * A number that the model passes to a kernel at each call, because it is not known before.
 *
 * @param kind which number
 * @param layer name of the layer it belongs to; empty for the batch size
 */
public record HostScalar(Kind kind, String layer) {
  /** The kinds of run-time numbers. */
  public enum Kind {
    /** The number of samples at hand, as a double. */
    BATCH,
    /**
     * The number of samples of the whole batch, as a double. It differs from {@link #BATCH} where a
     * batch is worked on in pieces.
     */
    TOTAL_BATCH,
    /**
     * The weight of the new observation in a layer's running statistics, as a double: its momentum,
     * or one over the number of batches tracked when it averages cumulatively.
     */
    AVERAGE_FACTOR,
    /**
     * The probability with which a layer drops a value, as a double: 0 in an evaluation forward
     * that backward follows.
     */
    DROP_PROBABILITY,
    /** The key of a layer's random numbers in this step, a long. */
    RANDOM_KEY
  }

  public static final HostScalar BATCH = new HostScalar(Kind.BATCH, "");
  public static final HostScalar TOTAL_BATCH = new HostScalar(Kind.TOTAL_BATCH, "");
}
