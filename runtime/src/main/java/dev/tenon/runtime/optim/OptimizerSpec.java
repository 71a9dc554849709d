package dev.tenon.runtime.optim;

import dev.tenon.runtime.state.State;

/** Which optimiser, with what options. Immutable: one specification may serve many models. */
public interface OptimizerSpec {
  /**
   * Binds the optimiser to a model's state.
   *
   * @param state whose parameters and gradients the steps will use
   * @return a new optimiser at step 0
   * @throws IllegalArgumentException if options contradict each other, or the state has no
   *     parameters
   */
  Optimizer create(State state);
}
