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
  /** Learnt, measured by a layer, measured on records in float64, or counted. */
  public enum Kind {
    PARAMETER,
    RUNNING_STAT,
    DATA_STAT,
    COUNTER
  }

  /**
   * Initial values.
   *
   * @param kind how they are distributed
   * @param value all of them, the bound, or the standard deviation
   * @param zeroRow the part along the first dimension that is zero instead; -1 for none
   */
  public record Init(Distribution kind, double value, int zeroRow) {
    /** How initial values are distributed. */
    public enum Distribution {
      /** All the same. */
      CONSTANT,
      /** Uniform in {@code [-value, value)}. */
      UNIFORM,
      /** Normal with mean 0. */
      NORMAL
    }

    public static Init constant(double value) {
      return new Init(Distribution.CONSTANT, value, -1);
    }

    public static Init uniform(double bound) {
      return new Init(Distribution.UNIFORM, bound, -1);
    }

    public static Init normal(double std) {
      return new Init(Distribution.NORMAL, std, -1);
    }

    /** The same but for one row of zeros. */
    public Init withZeroRow(int row) {
      return new Init(kind, value, row);
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

  public static StateSpec dataStat(String name, double initial, Integer... dims) {
    return new StateSpec(name, Kind.DATA_STAT, List.of(dims), Init.constant(initial));
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
