package dev.tenon.benchmarks.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.benchmarks.machine.JavaCommand;
import dev.tenon.benchmarks.machine.Machine;
import dev.tenon.benchmarks.peers.Contenders;
import dev.tenon.benchmarks.workload.Workload;
import dev.tenon.benchmarks.workload.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures workloads by all contenders and prints one table. */
@Command(
    name = "table",
    description = "Measures workloads by all contenders, in turns, and prints one table.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class TableCommand implements Callable<Integer> {
  /** How the result is printed. */
  enum Format {
    TABLE,
    CSV,
    JSON
  }

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "WORKLOAD", description = "Which; all if none is named.")
  private List<String> workloads = List.of();

  @Option(names = "--threads", split = ",", description = "Numbers of threads.")
  private List<Integer> threads = List.of(1, 2);

  @Option(
      names = "--contenders",
      split = ",",
      description = "Who takes part, of tenon, pytorch, djl, onnxruntime, deeplearning4j.")
  private List<String> contenders = all();

  @Option(
      names = "--python",
      defaultValue = "${env:TENON_BENCHMARK_PYTHON:-}",
      description = "A Python with PyTorch and NumPy. Without it, there are no figures of PyTorch.")
  private String python = "";

  @Option(
      names = "--compile",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether PyTorch tries torch.compile as well, which needs a C++ compiler.")
  private boolean compile;

  @Option(names = "--forks", description = "How often Tenon starts anew.")
  private int forks = 3;

  @Option(names = "--rounds", description = "Rounds of each fork.")
  private int rounds = 5;

  @Option(names = "--warm-up", description = "Seconds before the first round of each process.")
  private double warmUp = 3;

  @Option(names = "--seconds", description = "Seconds of a round, for each contender.")
  private double seconds = 0.3;

  @Option(names = "--vector", description = "auto, or off for plain kernels.")
  private String vector = "auto";

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES}.")
  private Format format = Format.TABLE;

  @Option(names = "--csv", description = "Also writes the rows to this file.")
  private Path csv;

  @Option(names = "--quiet", description = "Does not say what it is doing.")
  private boolean quiet;

  private static List<String> all() {
    List<String> names = new ArrayList<>(Contenders.NAMES);
    names.add(1, Comparison.PYTORCH);
    return names;
  }

  @Override
  public Integer call() throws IOException {
    List<Workload> chosen =
        workloads.isEmpty() ? Workloads.ALL : workloads.stream().map(Workloads::named).toList();
    for (String name : contenders) {
      if (!all().contains(name)) {
        throw new ParameterException(
            spec.commandLine(), "No contender " + name + "; there are " + all() + ".");
      }
    }
    String interpreter = python.isEmpty() ? null : python;
    PrintWriter err = spec.commandLine().getErr();
    Comparison comparison =
        new Comparison(
            new Comparison.Options(
                program(),
                contenders,
                interpreter,
                compile,
                forks,
                rounds,
                warmUp,
                seconds,
                vector),
            message -> {
              if (!quiet) {
                err.println(message);
                err.flush();
              }
            });
    List<Row> rows = new ArrayList<>();
    for (Workload workload : chosen) {
      rows.addAll(comparison.measure(workload, threads));
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case CSV -> Rows.writeCsv(rows, out);
      case JSON -> Rows.writeJson(rows, out);
      case TABLE -> table(chosen, interpreter, rows, out);
    }
    out.flush();
    if (csv != null) {
      try (PrintWriter file =
          new PrintWriter(Files.newBufferedWriter(csv, StandardCharsets.UTF_8))) {
        Rows.writeCsv(rows, file);
      }
    }
    return 0;
  }

  private void table(List<Workload> chosen, String interpreter, List<Row> rows, PrintWriter out)
      throws IOException {
    out.println(Machine.describe() + "; " + Machine.java());
    if (contenders.contains(Comparison.PYTORCH) && interpreter == null) {
      out.println("No figures of PyTorch: no Python was named, see --python.");
    }
    out.println();
    new Table(chosen, threads, contenders, limits(chosen)).print(rows, out);
  }

  /** The program that this is a command of. */
  private Class<?> program() {
    return spec.root().userObject().getClass();
  }

  /** In a JVM of its own: this one was not started as those that are measured. */
  private PeakCommand.Limits limits(List<Workload> chosen) throws IOException {
    List<String> sizes =
        chosen.stream()
            .filter(workload -> workload.flops() == 0)
            .map(workload -> Integer.toString(workload.inputSize()))
            .distinct()
            .toList();
    List<String> arguments = new ArrayList<>(List.of("peak", "--json"));
    arguments.add("--threads=" + String.join(",", threads.stream().map(String::valueOf).toList()));
    arguments.add("--floats=" + (sizes.isEmpty() ? "500000" : String.join(",", sizes)));
    Process process =
        JavaCommand.of(JavaCommand.flags("auto"), program(), arguments)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      return new ObjectMapper().readValue(reader, PeakCommand.Limits.class);
    }
  }
}
