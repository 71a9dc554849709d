package dev.tenon.benchmarks.table;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What one contender needed for one workload.
 *
 * @param workload what
 * @param threads on how many threads
 * @param contender who
 * @param version of the engine
 * @param variant its best way
 * @param milliseconds median of the rounds; 0 if it failed
 * @param fastest of the rounds
 * @param slowest of the rounds
 * @param rounds how many
 * @param error of its answer, as a part of the largest value
 * @param note why there is no figure, else empty
 */
@JsonPropertyOrder({
  "workload",
  "threads",
  "contender",
  "version",
  "variant",
  "milliseconds",
  "fastest",
  "slowest",
  "rounds",
  "error",
  "note"
})
record Row(
    String workload,
    int threads,
    String contender,
    String version,
    String variant,
    double milliseconds,
    double fastest,
    double slowest,
    int rounds,
    double error,
    String note) {
  static Row failed(String workload, int threads, String contender, String note) {
    return new Row(workload, threads, contender, "", "", 0, 0, 0, 0, 0, note);
  }

  boolean hasFigure() {
    return milliseconds > 0;
  }
}
