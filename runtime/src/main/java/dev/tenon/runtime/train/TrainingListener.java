package dev.tenon.runtime.train;

/**
 * Is told how a fit goes on. Called by the thread that trains, between steps: what it sees is
 * whole, and it may evaluate the model or make a {@link Trainer#checkpoint checkpoint}. An
 * exception that it throws ends the fit.
 *
 * <p>A listener that is {@link dev.tenon.runtime.state.Checkpointed} has its part in checkpoints,
 * found again by its class, and among several of one class by their order. In a fit that goes on
 * with a checkpoint all listeners are told of the start, then those read what they wrote; they are
 * not told again of epochs and steps that were done before.
 */
public interface TrainingListener {
  /**
   * The fit begins; all checks of the data are done.
   *
   * @param fit stays the same for the whole fit; {@link FitContext#stop} ends it
   */
  default void onStart(FitContext fit) {}

  /**
   * A step was made. Allocating here is allocating in the training loop.
   *
   * @param epoch number of the epoch, from 1
   * @param batch number of the batch within the epoch, from 1
   * @param batches batches of the epoch
   * @param loss the batch's loss, taken before the step; NaN if all of its labels are ignored
   */
  default void onBatch(int epoch, int batch, int batches, double loss) {}

  /**
   * An epoch is over.
   *
   * @param report what it did
   */
  default void onEpoch(EpochReport report) {}

  /**
   * The fit is over, however it ended: told to every listener that was told of the start. The best
   * model has been put back by now, if the fit keeps it.
   *
   * @param end its epochs and why it ended
   */
  default void onEnd(FitEnd end) {}
}
