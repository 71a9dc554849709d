package dev.tenon.benchmarks;

import dev.tenon.benchmarks.jmh.JmhCommand;
import dev.tenon.benchmarks.table.ListCommand;
import dev.tenon.benchmarks.table.PeakCommand;
import dev.tenon.benchmarks.table.TableCommand;
import dev.tenon.benchmarks.table.WorkerCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks. */
@Command(
    name = "benchmarks",
    description = "What Tenon's networks cost, beside other engines.",
    mixinStandardHelpOptions = true,
    subcommands = {
      TableCommand.class,
      ListCommand.class,
      PeakCommand.class,
      JmhCommand.class,
      WorkerCommand.class
    })
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * Runs one of the commands.
   *
   * @param args {@code --help} lists them
   */
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Benchmarks()).setCaseInsensitiveEnumValuesAllowed(true);
    // JMH reads its options by itself.
    line.getSubcommands().get("jmh").setUnmatchedOptionsArePositionalParams(true);
    System.exit(line.execute(args));
  }
}
