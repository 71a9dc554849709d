package dev.tenon.processor.layer;

import java.util.List;

/**
 * One entry of a layer's state.
 *
 * @param name PyTorch's name inside the layer: {@code weight}, {@code running_mean}
 * @param kind what it is
 * @param dims its sizes; empty for a counter
 * @param init initial values
 */
public record StateSpec(String name, Kind kind, List<Integer> dims, Init init) {
  /** Learnt, measured, or counted. */
  public enum Kind {
    PARAMETER,
    RUNNING_STAT,
    COUNTER
  }

  /** Initial values: all {@code value}, or uniform in {@code [-value, value)}. */
  public record Init(boolean uniform, double value) {
    public static Init constant(double value) {
      return new Init(false, value);
    }

    public static Init uniform(double bound) {
      return new Init(true, bound);
    }
  }

  public StateSpec {
    dims = List.copyOf(dims);
  }

  public static StateSpec parameter(String name, Init init, Integer... dims) {
    return new StateSpec(name, Kind.PARAMETER, List.of(dims), init);
  }

  public static StateSpec runningStat(String name, double initial, Integer... dims) {
    return new StateSpec(name, Kind.RUNNING_STAT, List.of(dims), Init.constant(initial));
  }

  public static StateSpec counter(String name) {
    return new StateSpec(name, Kind.COUNTER, List.of(), Init.constant(0));
  }

  /** Number of values; long, as a wrong declaration may ask for more than an array holds. */
  public long count() {
    long count = 1;
    for (int dim : dims) {
      count = Math.multiplyExact(count, (long) dim);
    }
    return count;
  }
}
