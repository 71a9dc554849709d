package dev.tenon.benchmarks.table;

/**
 * What a contender's process is asked, as a line of JSON.
 *
 * @param command {@code start} or {@code measure}
 * @param workload what to start
 * @param threads on how many threads
 * @param seconds how long to warm up, or to measure
 * @param variant which of the variants to measure
 * @param directory where the problem lies as files, and where the answer goes
 */
record Request(
    String command,
    String workload,
    int threads,
    double seconds,
    String variant,
    String directory) {
  static Request start(String workload, int threads, double seconds, String directory) {
    return new Request("start", workload, threads, seconds, "", directory);
  }

  static Request measure(String variant, double seconds) {
    return new Request("measure", "", 0, seconds, variant, "");
  }
}
