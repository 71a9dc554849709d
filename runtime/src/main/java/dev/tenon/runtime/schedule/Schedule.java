package dev.tenon.runtime.schedule;

/**
 * The learning rate as a pure function of the number of scheduler steps taken. A step is an epoch
 * or a batch, as the trainer is told.
 */
@FunctionalInterface
public interface Schedule {
  /**
   * The learning rate.
   *
   * @param base the optimiser's configured learning rate
   * @param step scheduler steps taken; 0 for the first epoch (or batch)
   * @return the rate to use
   * @throws IllegalArgumentException if the schedule has an end and the step lies after it
   */
  double learningRate(double base, long step);
}
