package dev.tenon.runtime.internal.parallel;

import dev.tenon.runtime.model.PieceExchange;
import java.util.Objects;

/**
 * The piece of a batch that a generated model works on, and its side of the exchange with the other
 * pieces. A model of its own works on the whole batch.
 */
public final class BatchPiece {
  private final PieceExchange exchange;
  private final boolean joins;
  private double[] scratch = new double[0];
  private int batch;
  private int totalBatch;
  private int firstSample;
  private int nextBatch;
  private int nextTotalBatch;
  private int nextFirstSample;

  /** The whole batch. */
  public BatchPiece() {
    exchange = null;
    joins = false;
  }

  /**
   * One of several pieces.
   *
   * @param exchange joins it with the others
   */
  public BatchPiece(PieceExchange exchange) {
    Objects.requireNonNull(exchange, "exchange");
    this.exchange = exchange;
    this.joins = exchange.synchronises();
  }

  /**
   * Announces a forward to the other pieces. Until {@link #begin}, everything else still speaks of
   * the forward before, so that one that is refused leaves the step under way as it is.
   *
   * @param samples samples in this piece
   * @return what {@link #totalBatch} will be
   */
  public int announce(int samples) {
    int total = 0;
    int before = 0;
    if (exchange != null) {
      int[] sizes = exchange.sizes(samples);
      for (int i = 0; i < sizes.length; i++) {
        before += i < exchange.index() ? sizes[i] : 0;
        total = Math.addExact(total, sizes[i]);
      }
    }
    nextBatch = samples;
    nextTotalBatch = joins ? total : samples;
    nextFirstSample = before;
    return nextTotalBatch;
  }

  /** Begins the forward that was announced. */
  public void begin() {
    batch = nextBatch;
    totalBatch = nextTotalBatch;
    firstSample = nextFirstSample;
  }

  /**
   * Samples of the batch that statistics are taken of.
   *
   * @return the whole batch's, or this piece's where each normalises on its own
   */
  public int totalBatch() {
    return totalBatch;
  }

  /**
   * Number of this piece's first sample in the whole batch.
   *
   * @return the samples in the pieces before it
   */
  public int firstSample() {
    return firstSample;
  }

  /**
   * Whether it exchanges nothing with other pieces.
   *
   * @return true for a whole batch, and where each piece normalises on its own
   */
  public boolean isAlone() {
    return !joins;
  }

  /**
   * Whether this piece moves running statistics and counters.
   *
   * @return true for one piece of a batch, or for each where each normalises on its own
   */
  public boolean leads() {
    return !joins || exchange.index() == 0;
  }

  /**
   * Joins the moments of all pieces: with {@code n_k} values, mean {@code m_k} and biased variance
   * {@code v_k} in piece k,
   *
   * <pre>
   *     n    = sum n_k
   *     mean = sum n_k m_k / n
   *     var  = (sum n_k v_k + sum n_k (m_k - mean)^2) / n
   * </pre>
   *
   * <p>A piece without values takes part with weight 0, whatever its moments are.
   *
   * @param mean {@code [channels]}, this piece's; takes the whole batch's
   * @param var {@code [channels]}, likewise, biased
   * @param valuesPerSample values of a channel that one sample brings
   */
  public void joinMoments(double[] mean, double[] var, int valuesPerSample) {
    Objects.requireNonNull(mean, "mean");
    Objects.requireNonNull(var, "var");
    if (!joins) {
      return;
    }
    double count = (double) batch * valuesPerSample;
    double total = (double) totalBatch * valuesPerSample;
    double[] sums = scratch(mean.length);
    for (int c = 0; c < mean.length; c++) {
      sums[c] = batch == 0 ? 0 : count * mean[c];
    }
    exchange.sum(sums);
    for (int c = 0; c < mean.length; c++) {
      double joined = sums[c] / total;
      double distance = mean[c] - joined;
      sums[c] = batch == 0 ? 0 : count * (var[c] + distance * distance);
      mean[c] = joined;
    }
    exchange.sum(sums);
    for (int c = 0; c < mean.length; c++) {
      var[c] = sums[c] / total;
    }
  }

  /**
   * Joins sums of all pieces.
   *
   * @param first {@code [channels]}, this piece's; takes the whole batch's
   * @param second {@code [channels]}, likewise
   */
  public void joinSums(double[] first, double[] second) {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    if (!joins) {
      return;
    }
    exchange.sum(first);
    exchange.sum(second);
  }

  private double[] scratch(int length) {
    if (scratch.length != length) {
      scratch = new double[length];
    }
    return scratch;
  }
}
