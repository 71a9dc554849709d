package dev.tenon.benchmarks.table;

import dev.tenon.benchmarks.workload.Job;
import java.util.Arrays;

/** Runs a job for some time. */
final class Timing {
  /**
   * Calls are timed in bunches that take at least this long, so that reading the clock costs
   * nothing.
   */
  private static final long BUNCH_NANOS = 4_000_000;

  private static final int FEWEST_BUNCHES = 3;

  private Timing() {}

  static void warmUp(Job job, double seconds) throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      job.run();
    } while (System.nanoTime() < end);
  }

  /** The median seconds of a call. */
  static double sample(Job job, double seconds) throws Exception {
    long calls = 1;
    long nanos = bunch(job, calls);
    while (nanos < BUNCH_NANOS / 2) {
      calls *= 2;
      nanos = bunch(job, calls);
    }
    double[] samples = new double[16];
    int count = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (count < FEWEST_BUNCHES || System.nanoTime() < end) {
      if (count == samples.length) {
        samples = Arrays.copyOf(samples, 2 * count);
      }
      samples[count++] = bunch(job, calls) / 1e9 / calls;
    }
    return median(Arrays.copyOf(samples, count));
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static long bunch(Job job, long calls) throws Exception {
    long before = System.nanoTime();
    for (long i = 0; i < calls; i++) {
      job.run();
    }
    return System.nanoTime() - before;
  }
}
