package dev.tenon.runtime.state;

import dev.tenon.runtime.DType;
import java.util.Objects;

/**
 * The running statistics and counters of a state as they were at one moment, to go back there when
 * a training step fails. Parameters and gradients are not in it: no forward moves them. Allocates
 * once, at the first {@link #save}. Not synchronised.
 */
public final class StateSnapshot {
  private final State state;
  private float[] floats;
  private double[] doubles;
  private long[] counters;

  /**
   * Saves nothing yet.
   *
   * @param state whose statistics and counters
   */
  public StateSnapshot(State state) {
    Objects.requireNonNull(state, "state");
    this.state = state;
  }

  /** Takes down statistics and counters as they are now, instead of what was saved before. */
  public void save() {
    if (counters == null) {
      allocate();
    }
    if (floats != null) {
      copy(state.arrays().floatRunningStats(), floats);
    } else {
      copy(state.arrays().doubleRunningStats(), doubles);
    }
    copy(state.arrays().counters(), counters);
  }

  /**
   * Puts back what was saved last. Needs no more stack than {@link #save}: whoever has saved can
   * restore after a {@link StackOverflowError}.
   *
   * @throws IllegalStateException if nothing was saved
   */
  public void restore() {
    if (counters == null) {
      throw new IllegalStateException("StateSnapshot: restore was called before save.");
    }
    if (floats != null) {
      copy(floats, state.arrays().floatRunningStats());
    } else {
      copy(doubles, state.arrays().doubleRunningStats());
    }
    copy(counters, state.arrays().counters());
  }

  private void allocate() {
    int length = state.arrays().counters().length;
    if (state.dtype() == DType.FLOAT32) {
      floats = new float[state.arrays().floatRunningStats().length];
    } else {
      doubles = new double[state.arrays().doubleRunningStats().length];
    }
    // The last, because it says that the others are there.
    counters = new long[length];
  }

  // Loops, because a call of System.arraycopy takes more stack where it is interpreted.

  @SuppressWarnings("ManualArrayCopy")
  private static void copy(float[] from, float[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = from[i];
    }
  }

  @SuppressWarnings("ManualArrayCopy")
  private static void copy(double[] from, double[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = from[i];
    }
  }

  @SuppressWarnings("ManualArrayCopy")
  private static void copy(long[] from, long[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = from[i];
    }
  }
}
