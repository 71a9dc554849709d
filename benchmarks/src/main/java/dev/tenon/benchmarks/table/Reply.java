package dev.tenon.benchmarks.table;

import java.util.List;
import java.util.Map;

/**
 * What a contender's process answers, as a line of JSON.
 *
 * @param failure why not; null if all went well
 * @param version of the engine, when started
 * @param variants its ways of computing the workload, when started
 * @param seconds of one call, when measured
 */
record Reply(String failure, String version, List<Variant> variants, double seconds) {
  static Reply failed(Throwable cause) {
    return new Reply(String.valueOf(cause), "", List.of(), 0);
  }

  static Reply measured(double seconds) {
    return new Reply(null, "", List.of(), seconds);
  }

  /**
   * One way of computing the workload.
   *
   * @param name such as {@code channels_last compile}
   * @param failure why it cannot be used; null if it can
   * @param seconds of one call, at first sight
   * @param error of its answer, as a part of the largest value; null if that is still to be found
   *     out
   * @param files where its answer lies, by the names of {@code Answer}; else null
   */
  record Variant(
      String name, String failure, double seconds, Double error, Map<String, String> files) {}
}
