package dev.tenon.runtime.train;

/** Is told how a fit goes on. Called by the thread that trains, between steps. */
public interface TrainingListener {
  /**
   * A step was made. Allocating here is allocating in the training loop.
   *
   * @param epoch number of the epoch, from 1
   * @param batch number of the batch within the epoch, from 1
   * @param batches batches of the epoch
   * @param loss the batch's loss, taken before the step
   */
  default void onBatch(int epoch, int batch, int batches, double loss) {}

  /**
   * An epoch is over.
   *
   * @param report what it did
   */
  default void onEpoch(EpochReport report) {}
}
