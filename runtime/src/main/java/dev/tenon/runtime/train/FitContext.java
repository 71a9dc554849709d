package dev.tenon.runtime.train;

import dev.tenon.runtime.model.Model;
import java.util.Collections;
import java.util.List;

/** A fit that is under way, as listeners see it. What it says is of the last step made. */
public final class FitContext {
  private final Trainer<?> trainer;
  private final TrainingStep<?> step;
  private final int firstEpoch;
  private final int lastEpoch;
  private final BatchPlan plan;
  private final List<EpochReport> reports;
  private final boolean isResumed;

  FitContext(
      Trainer<?> trainer,
      TrainingStep<?> step,
      int firstEpoch,
      int lastEpoch,
      BatchPlan plan,
      List<EpochReport> reports,
      boolean isResumed) {
    this.trainer = trainer;
    this.step = step;
    this.firstEpoch = firstEpoch;
    this.lastEpoch = lastEpoch;
    this.plan = plan;
    this.reports = Collections.unmodifiableList(reports);
    this.isResumed = isResumed;
  }

  /**
   * Whether this fit goes on with one that a checkpoint was made in.
   *
   * @return true in the first fit after {@link Trainer#resume}, if there was a fit under way
   */
  public boolean isResumed() {
    return isResumed;
  }

  /**
   * The epochs of this fit that are done, those before a {@link #isResumed resumed} one began again
   * among them. Listeners are not told of those once more.
   *
   * @return an unmodifiable view, which grows
   */
  public List<EpochReport> reports() {
    return reports;
  }

  /** Ends the fit before its next step, with {@link EndReason#STOPPED}. Any thread may call it. */
  public void stop() {
    trainer.stop();
  }

  /**
   * What is trained.
   *
   * @return the trainer's model
   */
  public Model model() {
    return trainer.model();
  }

  /**
   * The first epoch of this fit.
   *
   * @return its number from 1, counted over all fits of the trainer
   */
  public int firstEpoch() {
    return firstEpoch;
  }

  /**
   * The epoch that this fit ends with, unless something ends it before.
   *
   * @return its number; one less than the first for no epochs
   */
  public int lastEpoch() {
    return lastEpoch;
  }

  /**
   * The samples of the dataset.
   *
   * @return at least 1
   */
  public int samples() {
    return plan.size();
  }

  /**
   * The steps of an epoch.
   *
   * @return at least 1
   */
  public int batches() {
    return plan.batches();
  }

  /**
   * Steps made by the optimiser, over all fits.
   *
   * @return at least 0
   */
  public long steps() {
    return step.optimizer.stepCount();
  }

  /**
   * The learning rate.
   *
   * @return that of the last step, or of the next one where the epoch or a rule has changed it
   */
  public double learningRate() {
    return step.optimizer.learningRate();
  }

  /**
   * The norm of the last step's gradients, all together, before clipping.
   *
   * @return NaN unless {@link FitOptions#gradientNorms} or {@link TrainerBuilder#clipNorm} has it
   *     measured
   */
  public double gradientNorm() {
    return step.gradientNorm();
  }
}
