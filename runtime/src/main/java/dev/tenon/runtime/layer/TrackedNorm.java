package dev.tenon.runtime.layer;

import dev.tenon.runtime.state.Counter;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import java.util.NoSuchElementException;

/**
 * The state of a normalisation that may keep running statistics, and the switch that freezes them.
 * All vectors have one element for every channel (1-d: every feature). The running variance is
 * unbiased, as in PyTorch.
 */
public abstract sealed class TrackedNorm extends Norm permits BatchNorm, InstanceNorm {
  private final RunningStat mean;
  private final RunningStat var;
  private final Counter count;
  private boolean statisticsFrozen;

  /** The last three are all present or all null. */
  TrackedNorm(
      String name,
      String type,
      Parameter weight,
      Parameter bias,
      RunningStat mean,
      RunningStat var,
      Counter count) {
    super(name, type, weight, bias);
    if ((mean == null) != (var == null) || (mean == null) != (count == null)) {
      throw new IllegalArgumentException(
          name + ": running mean, running variance and counter must be all present or all absent.");
    }
    this.mean = mean;
    this.var = var;
    this.count = count;
  }

  /**
   * The running mean, updated by every training forward.
   *
   * @return {@code [channels]}
   * @throws NoSuchElementException if declared with {@code trackRunningStats = false}
   */
  public final RunningStat runningMean() {
    return require(mean, "running mean", "trackRunningStats = false");
  }

  /**
   * The running variance (unbiased), updated by every training forward.
   *
   * @return {@code [channels]}
   * @throws NoSuchElementException if declared with {@code trackRunningStats = false}
   */
  public final RunningStat runningVar() {
    return require(var, "running variance", "trackRunningStats = false");
  }

  /**
   * How many batches the running statistics have seen; an instance normalisation does not count,
   * and keeps 0, as in PyTorch.
   *
   * @return the counter
   * @throws NoSuchElementException if declared with {@code trackRunningStats = false}
   */
  public final Counter numBatchesTracked() {
    return require(count, "batch counter", "trackRunningStats = false");
  }

  /**
   * Whether there are running statistics. Without them, evaluation normalises by the values at
   * hand.
   *
   * @return false when declared with {@code trackRunningStats = false}
   */
  public final boolean tracksRunningStats() {
    return mean != null;
  }

  /**
   * Freezes the whole layer: its statistics and its parameters. It stays so, whatever the network
   * does, until {@link #unfreeze}.
   *
   * @throws IllegalStateException if declared with {@code trackRunningStats = false}
   */
  @Override
  public void freeze() {
    freezeStatistics();
    super.freeze();
  }

  /** Undoes {@link #freeze}, for statistics and parameters. */
  @Override
  public void unfreeze() {
    unfreezeStatistics();
    super.unfreeze();
  }

  /**
   * Makes training normalise by the running statistics and leave them, and the counter, as they
   * are. Gradients then are those of an evaluation forward. The parameters go on learning.
   *
   * @throws IllegalStateException if declared with {@code trackRunningStats = false}: there is
   *     nothing to normalise by
   */
  public final void freezeStatistics() {
    if (mean == null) {
      throw new IllegalStateException(
          name()
              + " cannot be frozen: it is declared with trackRunningStats = false, so there are no"
              + " running statistics to normalise by. Declare it with trackRunningStats = true.");
    }
    statisticsFrozen = true;
  }

  /** Makes training normalise by the values at hand again, and update the running statistics. */
  public final void unfreezeStatistics() {
    statisticsFrozen = false;
  }

  /**
   * Whether training uses the running statistics and leaves them as they are.
   *
   * @return false unless frozen
   */
  public final boolean areStatisticsFrozen() {
    return statisticsFrozen;
  }

  @Override
  final String details() {
    String text = super.details();
    return statisticsFrozen ? text + (text.isEmpty() ? "" : ", ") + "statistics frozen" : text;
  }
}
