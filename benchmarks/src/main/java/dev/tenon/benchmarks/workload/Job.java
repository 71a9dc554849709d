package dev.tenon.benchmarks.workload;

/** A problem in the hands of a contender. Called by one thread. */
public interface Job extends AutoCloseable {
  /**
   * Which of its ways of computing is at work, such as the kind of kernels; empty if there is one
   * only.
   */
  default String variant() {
    return "";
  }

  /**
   * Computes what is checked, once, before anything is measured: one unit of work, or {@link
   * Problem#CHECKED_STEPS} steps of training at {@link Problem#CHECKED_RATE}.
   *
   * @throws Exception whatever the engine throws
   */
  Answer answer() throws Exception;

  /**
   * One unit of work.
   *
   * @throws Exception whatever the engine throws
   */
  void run() throws Exception;

  @Override
  default void close() {}
}
