package dev.tenon.runtime.typed;

import dev.tenon.runtime.state.State;

/** Where a state keeps what the records at one end of a network are normalised by. */
final class Statistics {
  static final String MEAN = ".mean";
  static final String REMAINDER = ".mean_remainder";
  static final String STD = ".std";
  private static final String SAMPLES = ".num_samples";

  private Statistics() {}

  /** Whether they have been taken. */
  static boolean areKnown(State state, String prefix) {
    return state.counter(prefix + SAMPLES).get() != 0;
  }

  /** Whether the state has a place for them. */
  static boolean isKept(State state, String prefix) {
    return state.tensors().containsKey(prefix + MEAN);
  }

  /** As before they were taken. */
  static void forget(State state, String prefix) {
    state.tensors().get(prefix + MEAN).fill(0);
    state.tensors().get(prefix + STD).fill(1);
    if (state.tensors().containsKey(prefix + REMAINDER)) {
      state.tensors().get(prefix + REMAINDER).fill(0);
    }
    state.counter(prefix + SAMPLES).set(0);
  }

  /** Says of how many samples they are. */
  static void takenOf(State state, String prefix, int samples) {
    state.counter(prefix + SAMPLES).set(samples);
  }
}
