package dev.tenon.processor.ir;

/**
 * A value that a nest gathers over its reduction axes, one per point of the parallel axes.
 *
 * @param name unique in the nest
 * @param init value before the first point of the reduction; may load, at the parallel axes only
 * @param fold how a point enters
 */
public record Accumulator(String name, Expr init, Fold fold) {
  /** How one point of the reduction changes the accumulator. */
  public sealed interface Fold {}

  /** Adds the term. The planner may add in any fixed order and in several partial sums. */
  public record Sum(Expr term) implements Fold {}

  /**
   * Replaces the value, reading the accumulators of the nest as they were before this point. Runs
   * in row-major order of the reduction axes.
   */
  public record Replace(Expr next) implements Fold {}

  public ElementType type() {
    return init.type();
  }

  public Expr value() {
    return new Expr.AccumulatorValue(name, type());
  }
}
