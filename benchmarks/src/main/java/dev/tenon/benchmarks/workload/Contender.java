package dev.tenon.benchmarks.workload;

/** An engine that computes workloads. */
public interface Contender {
  /** On the command line and in the table. */
  String name();

  /** Of the engine, and of what it runs on where that says more. */
  String version();

  /** Whether it can do this at all. */
  boolean supports(Workload workload, int threads);

  /**
   * Whether its SGD is Nesterov's, because it has no other with a momentum. The work is the same,
   * the right answer is not.
   */
  default boolean nesterov() {
    return false;
  }

  /**
   * Builds the network and takes the problem's numbers over.
   *
   * @throws Exception whatever the engine throws
   */
  Job start(Problem problem, int threads) throws Exception;
}
