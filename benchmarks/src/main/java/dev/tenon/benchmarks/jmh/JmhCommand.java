package dev.tenon.benchmarks.jmh;

import dev.tenon.benchmarks.machine.JavaCommand;
import dev.tenon.benchmarks.peers.Tenon;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Runs JMH with the flags that every JVM that is measured has, and says medians and ratios at the
 * end.
 */
@Command(name = "jmh", description = "Runs JMH; the arguments are JMH's own, -h lists them.")
public final class JmhCommand implements Callable<Integer> {
  private static final double MEDIAN = 50;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "As JMH takes them.")
  private List<String> arguments = List.of();

  @Override
  public Integer call() throws CommandLineOptionException, RunnerException, IOException {
    CommandLineOptions line =
        new CommandLineOptions(arguments.toArray(new String[arguments.size()]));
    if (line.shouldHelp()) {
      line.showHelp();
      return 0;
    }
    // The forks' class path in a jar of its own: see JavaCommand, which keeps command lines short
    // too.
    System.setProperty("jmh.separateClasspathJAR", "true");
    List<String> flags = JavaCommand.flags("auto");
    Runner runner =
        new Runner(
            new OptionsBuilder()
                .parent(line)
                .jvmArgsPrepend(flags.toArray(new String[flags.size()]))
                .build());
    if (line.shouldList()) {
      runner.list();
      return 0;
    }
    summarise(runner.run());
    return 0;
  }

  /** JMH prints means; a median is not moved by a neighbour that wakes up now and then. */
  private void summarise(Collection<RunResult> results) {
    Map<String, Double> tenon = new LinkedHashMap<>();
    for (RunResult result : results) {
      if (contender(result.getParams()).equals(Tenon.NAME)) {
        tenon.put(work(result.getParams()), median(result));
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println();
    out.printf("%-28s %7s %-15s %12s %8s%n", "workload", "threads", "contender", "median", "ratio");
    for (RunResult result : results) {
      BenchmarkParams params = result.getParams();
      Double ours = tenon.get(work(params));
      out.printf(
          Locale.ROOT,
          "%-28s %7s %-15s %9.5f %s %7s%n",
          params.getParam("workload"),
          params.getParam("threads"),
          contender(params),
          median(result),
          result.getPrimaryResult().getScoreUnit(),
          ours == null ? "-" : String.format(Locale.ROOT, "%.2f", median(result) / ours));
    }
    out.println("Ratio: a contender's time by Tenon's.");
    out.flush();
  }

  private static double median(RunResult result) {
    return result.getPrimaryResult().getStatistics().getPercentile(MEDIAN);
  }

  private static String contender(BenchmarkParams params) {
    return params.getParam("contender");
  }

  private static String work(BenchmarkParams params) {
    return params.getParam("workload") + " " + params.getParam("threads");
  }
}
