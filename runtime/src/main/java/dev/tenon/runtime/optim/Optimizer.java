package dev.tenon.runtime.optim;

import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.Checkpointed;

/**
 * Changes the parameters of one state by their gradients. Keeps its own state (momentum and the
 * like), so it belongs to one training run. Not synchronised.
 */
public interface Optimizer extends Checkpointed {
  /**
   * Makes one step from the gradients as they are now. Allocates nothing. Whoever implements it
   * makes the whole step, or throws before anything has changed.
   */
  void step();

  /**
   * The learning rate that the next step uses.
   *
   * @return at least 0
   */
  double learningRate();

  /**
   * Changes the learning rate, from the next step on.
   *
   * @param learningRate finite, at least 0
   * @throws IllegalArgumentException if it is negative or not finite; the old one stays
   */
  void learningRate(double learningRate);

  /**
   * The number of steps made. A parameter that was frozen for some of them has made fewer.
   *
   * @return 0 before the first step
   */
  long stepCount();

  /**
   * {@inheritDoc} The learning rate and {@link #stepCount} are part of it, and texts say how the
   * optimiser is set: a trainer resumes only with one of the same texts.
   *
   * @throws UnsupportedOperationException if it cannot be saved, as the default here says; a
   *     trainer with it trains, but makes no checkpoints
   */
  @Override
  default void write(CheckpointSection section) {
    throw new UnsupportedOperationException(
        getClass().getName()
            + ": this optimiser does not say what it remembers, so it cannot be in a checkpoint."
            + " Implement write and read of Optimizer; nothing was written.");
  }

  @Override
  default void read(CheckpointSection section) {
    throw new UnsupportedOperationException(
        getClass().getName()
            + ": this optimiser cannot take over what a checkpoint has. Implement write and read of"
            + " Optimizer.");
  }
}
