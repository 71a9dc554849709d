package dev.tenon.runtime;

import java.util.NoSuchElementException;

/**
 * The state of a batch normalisation. All vectors have one element for every channel (1-d: every
 * feature). The running variance is unbiased, as in PyTorch.
 */
public final class BatchNorm extends Layer {
  private final Parameter weight;
  private final Parameter bias;
  private final RunningStat mean;
  private final RunningStat var;
  private final Counter count;
  private boolean statisticsFrozen;

  /**
   * Called by generated models. The last three are all present or all null.
   *
   * @param name path of the layer
   * @param type name of its annotation
   * @param weight the scale, or null when declared with {@code affine = false}
   * @param bias the shift, or null when declared with {@code affine = false} or {@code bias =
   *     false}
   * @param mean running mean, or null when declared with {@code trackRunningStats = false}
   * @param var running variance, or null likewise
   * @param count number of batches seen, or null likewise
   * @throws IllegalArgumentException for a bias without a weight, or some but not all of the
   *     statistics
   */
  public BatchNorm(
      String name,
      String type,
      Parameter weight,
      Parameter bias,
      RunningStat mean,
      RunningStat var,
      Counter count) {
    super(name, type);
    if (weight == null && bias != null) {
      throw new IllegalArgumentException(name + ": a batch norm with a bias must have a weight.");
    }
    if ((mean == null) != (var == null) || (mean == null) != (count == null)) {
      throw new IllegalArgumentException(
          name + ": running mean, running variance and counter must be all present or all absent.");
    }
    this.weight = weight;
    this.bias = bias;
    this.mean = mean;
    this.var = var;
    this.count = count;
  }

  /**
   * The learnable scale (gamma).
   *
   * @return {@code [channels]}
   * @throws NoSuchElementException if declared with {@code affine = false}
   */
  public Parameter weight() {
    return require(weight, "weight", "affine = false");
  }

  /**
   * The learnable shift (beta).
   *
   * @return {@code [channels]}
   * @throws NoSuchElementException if declared with {@code affine = false} or {@code bias = false}
   */
  public Parameter bias() {
    return require(bias, "bias", weight == null ? "affine = false" : "bias = false");
  }

  /**
   * Whether the layer learns a scale.
   *
   * @return false when declared with {@code affine = false}
   */
  public boolean isAffine() {
    return weight != null;
  }

  /**
   * Whether the layer learns a shift.
   *
   * @return false when declared with {@code affine = false} or {@code bias = false}
   */
  public boolean hasBias() {
    return bias != null;
  }

  /**
   * The running mean, updated by every training forward.
   *
   * @return {@code [channels]}
   * @throws NoSuchElementException if declared with {@code trackRunningStats = false}
   */
  public RunningStat runningMean() {
    return require(mean, "running mean", "trackRunningStats = false");
  }

  /**
   * The running variance (unbiased), updated by every training forward.
   *
   * @return {@code [channels]}
   * @throws NoSuchElementException if declared with {@code trackRunningStats = false}
   */
  public RunningStat runningVar() {
    return require(var, "running variance", "trackRunningStats = false");
  }

  /**
   * How many batches the running statistics have seen.
   *
   * @return the counter
   * @throws NoSuchElementException if declared with {@code trackRunningStats = false}
   */
  public Counter numBatchesTracked() {
    return require(count, "batch counter", "trackRunningStats = false");
  }

  /**
   * Whether there are running statistics. Without them, evaluation normalises by the batch at hand.
   *
   * @return false when declared with {@code trackRunningStats = false}
   */
  public boolean tracksRunningStats() {
    return mean != null;
  }

  /**
   * Freezes the whole layer: its statistics and its parameters. It stays so, whatever the network
   * does, until {@link #unfreeze}.
   *
   * @throws IllegalStateException if declared with {@code trackRunningStats = false}
   */
  public void freeze() {
    freezeStatistics();
    if (weight != null) {
      weight.freeze();
    }
    if (bias != null) {
      bias.freeze();
    }
  }

  /** Undoes {@link #freeze}, for statistics and parameters. */
  public void unfreeze() {
    unfreezeStatistics();
    if (weight != null) {
      weight.unfreeze();
    }
    if (bias != null) {
      bias.unfreeze();
    }
  }

  /**
   * Makes training normalise by the running statistics and leave them, and the counter, as they
   * are. Gradients then are those of an evaluation forward. The parameters go on learning.
   *
   * @throws IllegalStateException if declared with {@code trackRunningStats = false}: there is
   *     nothing to normalise by
   */
  public void freezeStatistics() {
    if (mean == null) {
      throw new IllegalStateException(
          name()
              + " cannot be frozen: it is declared with trackRunningStats = false, so there are no"
              + " running statistics to normalise by. Declare it with trackRunningStats = true.");
    }
    statisticsFrozen = true;
  }

  /** Makes training normalise by the batch again, and update the running statistics. */
  public void unfreezeStatistics() {
    statisticsFrozen = false;
  }

  /**
   * Whether training uses the running statistics and leaves them as they are.
   *
   * @return false unless frozen
   */
  public boolean areStatisticsFrozen() {
    return statisticsFrozen;
  }

  private <E> E require(E entry, String what, String declared) {
    if (entry == null) {
      throw new NoSuchElementException(
          name() + " has no " + what + ": it is declared with " + declared);
    }
    return entry;
  }
}
