package dev.tenon.runtime.optim;

import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.State;

/**
 * How many steps each parameter has made, as PyTorch counts: a frozen parameter makes none. Gives
 * the parameters that the next step moves as runs of the flat array, each of neighbours that have
 * made as many steps. Allocates nothing once made.
 */
final class StepCounts {
  private final Parameter[] parameters;
  private final int[] places;
  private final long[] made;
  private final boolean[] frozen;

  /** The first parameter of each run, and the places from and to which it reaches. */
  private final int[] first;

  private final int[] from;
  private final int[] to;
  private int runs;

  StepCounts(State state) {
    parameters = state.parameters().toArray(Parameter[]::new);
    places = state.arrays().parameterRanges();
    made = new long[parameters.length];
    frozen = new boolean[parameters.length];
    first = new int[parameters.length];
    from = new int[parameters.length];
    to = new int[parameters.length];
    join();
  }

  /** Looks which parameters are frozen now, and gives the number of runs. */
  int begin() {
    boolean changed = false;
    for (int i = 0; i < parameters.length; i++) {
      boolean now = parameters[i].isFrozen();
      changed |= now != frozen[i];
      frozen[i] = now;
    }
    if (changed) {
      join();
    }
    return runs;
  }

  private void join() {
    runs = 0;
    for (int i = 0; i < parameters.length; i++) {
      int begin = places[2 * i];
      int end = places[2 * i + 1];
      if (frozen[i] || begin == end) {
        continue;
      }
      if (runs > 0 && to[runs - 1] == begin && made[first[runs - 1]] == made[i]) {
        to[runs - 1] = end;
      } else {
        first[runs] = i;
        from[runs] = begin;
        to[runs++] = end;
      }
    }
  }

  int from(int run) {
    return from[run];
  }

  int to(int run) {
    return to[run];
  }

  /** Steps that the parameters of a run have made before this one. */
  long made(int run) {
    return made[first[run]];
  }

  /** Steps that a parameter has made. */
  long ofParameter(int parameter) {
    return made[parameter];
  }

  /** Goes on from other counts, one for each parameter. */
  void set(long... steps) {
    System.arraycopy(steps, 0, made, 0, made.length);
    join();
  }

  /** Counts the step for the parameters that {@link #begin} found trainable. */
  void end() {
    for (int i = 0; i < made.length; i++) {
      if (!frozen[i]) {
        made[i]++;
      }
    }
  }
}
