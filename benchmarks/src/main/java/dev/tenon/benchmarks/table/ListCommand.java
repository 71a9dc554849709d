package dev.tenon.benchmarks.table;

import dev.tenon.benchmarks.workload.Workload;
import dev.tenon.benchmarks.workload.Workloads;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Names the workloads. */
@Command(name = "list", description = "Names the workloads.", mixinStandardHelpOptions = true)
public final class ListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (Workload workload : Workloads.ALL) {
      out.printf(
          Locale.ROOT,
          "%-28s %-17s %9.1f MFLOP%n",
          workload.name(),
          workload.kind(),
          workload.flops() / 1e6);
    }
    out.flush();
    return 0;
  }
}
