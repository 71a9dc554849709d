package dev.tenon.runtime.optim;

import dev.tenon.runtime.state.State;
import java.util.Objects;

/** Rules for options that the optimisers share. */
final class Options {
  private Options() {}

  static double notNegative(String optimizer, String option, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          optimizer + ": " + option + " must be finite and at least 0, but is " + value + ".");
    }
    return value;
  }

  static double finite(String optimizer, String option, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          optimizer + ": " + option + " must be finite, but is " + value + ".");
    }
    return value;
  }

  static double beta(String optimizer, String option, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          optimizer + ": " + option + " must be in [0, 1), but is " + value + ".");
    }
    return value;
  }

  static State withParameters(String optimizer, State state) {
    Objects.requireNonNull(state, () -> optimizer + ": state is null.");
    if (state.parameters().isEmpty()) {
      throw new IllegalArgumentException(
          optimizer + ": the network has no parameters, so there is nothing to optimise.");
    }
    return state;
  }
}
