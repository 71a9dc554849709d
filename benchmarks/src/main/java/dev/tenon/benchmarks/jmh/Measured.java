package dev.tenon.benchmarks.jmh;

import dev.tenon.benchmarks.peers.Contenders;
import dev.tenon.benchmarks.workload.Checked;
import dev.tenon.benchmarks.workload.Job;
import dev.tenon.benchmarks.workload.Problem;
import dev.tenon.benchmarks.workload.Workloads;

/** Starts what a benchmark measures, and checks its answer first. */
final class Measured implements AutoCloseable {
  private final Checked checked;
  private final Job job;

  Measured(String contender, String workload, int threads) throws Exception {
    Problem problem = Problem.of(Workloads.named(workload));
    checked = Checked.start(Contenders.named(contender), problem, threads);
    job = checked.job();
    System.out.printf("# %s: checked, error %.1e%n", job.variant(), checked.error());
  }

  void run() throws Exception {
    job.run();
  }

  @Override
  public void close() {
    checked.close();
  }
}
