package dev.tenon.runtime.typed;

import dev.tenon.runtime.State;

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

  /** Says of how many samples they are. */
  static void takenOf(State state, String prefix, int samples) {
    state.counter(prefix + SAMPLES).set(samples);
  }
}
