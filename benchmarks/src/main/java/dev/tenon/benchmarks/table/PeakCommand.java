package dev.tenon.benchmarks.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.benchmarks.machine.Peak;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what the machine can do at most. */
@Command(
    name = "peak",
    description = "Measures this machine's peak of multiply-adds and its bandwidth.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class PeakCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--threads", split = ",", description = "Numbers of threads.")
  private List<Integer> threads = List.of(1, 2);

  @Option(
      names = "--floats",
      split = ",",
      description = "Lengths of the arrays that bandwidth is measured with.")
  private List<Integer> floats = List.of(30_000, 500_000, 13_000_000);

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  /**
   * What was measured.
   *
   * @param name how the loops are written
   * @param flops floating-point operations a second, by the number of threads
   * @param bandwidth bytes a second, by the number of threads and the length of an array
   */
  record Limits(
      String name, Map<Integer, Double> flops, Map<Integer, Map<Integer, Double>> bandwidth) {}

  @Override
  public Integer call() throws JsonProcessingException {
    Peak peak = new Peak();
    Map<Integer, Double> flops = new LinkedHashMap<>();
    Map<Integer, Map<Integer, Double>> bandwidth = new LinkedHashMap<>();
    for (int count : threads) {
      flops.put(count, peak.flops(count));
      Map<Integer, Double> bySize = new LinkedHashMap<>();
      for (int size : floats) {
        bySize.put(size, peak.bandwidth(count, size));
      }
      bandwidth.put(count, bySize);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(new Limits(peak.name(), flops, bandwidth)));
    } else {
      out.println("Loops: " + peak.name());
      for (int count : threads) {
        out.printf(Locale.ROOT, "%d threads: %.0f GFLOP/s%n", count, flops.get(count) / 1e9);
        bandwidth
            .get(count)
            .forEach(
                (size, bytes) ->
                    out.printf(
                        Locale.ROOT,
                        "%d threads, 3 arrays of %d floats: %.0f GB/s%n",
                        count,
                        size,
                        bytes / 1e9));
      }
    }
    out.flush();
    return 0;
  }
}
