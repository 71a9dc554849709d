package dev.tenon.runtime.internal.parallel;

/**
 * Steps that can be split: a {@link WorkerPool} cuts the items of a step into ranges and calls this
 * once for each, on several threads at a time. What an item computes must not depend on the range
 * it is in; then results have the same bits for any number of threads. One object may stand for
 * many steps, so that a call allocates nothing.
 */
@FunctionalInterface
public interface Work {
  /**
   * Does some items of a step.
   *
   * @param step which step, as it was given to {@link WorkerPool#run}
   * @param from first item
   * @param to end of the items, above {@code from}
   */
  void run(int step, int from, int to);
}
