package dev.tenon.benchmarks.table;

import dev.tenon.benchmarks.machine.JavaCommand;
import dev.tenon.benchmarks.peers.Contenders;
import dev.tenon.benchmarks.peers.Tenon;
import dev.tenon.benchmarks.workload.Answer;
import dev.tenon.benchmarks.workload.Problem;
import dev.tenon.benchmarks.workload.Reference;
import dev.tenon.benchmarks.workload.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures one workload by all contenders in turns: A B C, A B C, and so on, so that whatever else
 * the machine does, it does it to all of them. Tenon starts anew for every fork, because what a
 * JVM's compiler makes of the same code differs from start to start.
 */
final class Comparison {
  /** PyTorch in Python, which is no contender on a JVM. */
  static final String PYTORCH = "pytorch";

  /** Variants that were this much slower than the best at first sight are not measured again. */
  private static final double CLOSE = 1.2;

  private static final int VARIANTS = 3;

  /** Time for the threads of the one before to stop spinning. */
  private static final long PAUSE_MILLIS = 20;

  private final Options options;
  private final Consumer<String> progress;

  /**
   * How to measure.
   *
   * @param program starts the worker of a contender
   * @param contenders who takes part
   * @param python the Python with PyTorch; null for a table without it
   * @param compile whether PyTorch tries its compiler as well
   * @param forks how often Tenon starts anew
   * @param rounds of each fork
   * @param warmUp seconds before the first round of each process
   * @param seconds of each round
   * @param vector auto or off
   */
  record Options(
      Class<?> program,
      List<String> contenders,
      String python,
      boolean compile,
      int forks,
      int rounds,
      double warmUp,
      double seconds,
      String vector) {}

  Comparison(Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /** The rows of a workload, for each number of threads. */
  List<Row> measure(Workload workload, List<Integer> threads) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Task task = new Task(workload)) {
      for (int count : threads) {
        rows.addAll(measure(task, count));
      }
    }
    return rows;
  }

  private List<Row> measure(Task task, int threads) throws IOException {
    Map<String, Entrant> entrants = new LinkedHashMap<>();
    for (String name : options.contenders()) {
      entrants.put(name, new Entrant(name));
    }
    try {
      for (Entrant entrant : entrants.values()) {
        if (!entrant.name.equals(Tenon.NAME)) {
          start(entrant, task, threads);
        }
      }
      for (int fork = 0; fork < options.forks(); fork++) {
        Entrant tenon = entrants.get(Tenon.NAME);
        if (tenon != null) {
          tenon.close();
          start(tenon, task, threads);
        }
        for (int round = 0; round < options.rounds(); round++) {
          for (Entrant entrant : entrants.values()) {
            round(entrant);
          }
        }
      }
    } finally {
      for (Entrant entrant : entrants.values()) {
        entrant.close();
      }
    }
    return entrants.values().stream().map(entrant -> entrant.row(task.workload, threads)).toList();
  }

  private void start(Entrant entrant, Task task, int threads) {
    Workload workload = task.workload;
    if (entrant.failure != null) {
      return;
    }
    boolean python = entrant.name.equals(PYTORCH);
    if (python && options.python() == null) {
      entrant.failure = "no Python was named";
      return;
    }
    if (!python && !Contenders.named(entrant.name).supports(workload, threads)) {
      entrant.failure = "not supported";
      return;
    }
    progress.accept(workload + ", threads " + threads + ": starting " + entrant.name);
    try {
      ProcessBuilder command =
          python
              ? new ProcessBuilder(pythonCommand())
              : JavaCommand.of(
                  JavaCommand.flags(options.vector()),
                  options.program(),
                  List.of("worker", "--contender", entrant.name));
      entrant.process = new WorkerProcess(command, threads);
      Reply reply =
          entrant.process.ask(
              Request.start(workload.name(), threads, options.warmUp(), task.files.path()));
      if (reply.failure() != null) {
        throw new IOException(reply.failure());
      }
      entrant.version = reply.version();
      List<Reply.Variant> good = new ArrayList<>();
      List<String> failures = new ArrayList<>();
      boolean nesterov = !python && Contenders.named(entrant.name).nesterov();
      for (Reply.Variant variant : reply.variants()) {
        Reply.Variant checked = task.check(variant, nesterov);
        if (checked.failure() == null) {
          good.add(checked);
        } else {
          String prefix = checked.name().isEmpty() ? "" : checked.name() + ": ";
          failures.add(prefix + checked.failure());
        }
      }
      if (good.isEmpty()) {
        throw new IOException(String.join("; ", failures));
      }
      failures.forEach(failure -> progress.accept(entrant.name + " " + failure));
      entrant.choose(good);
    } catch (IOException e) {
      entrant.failure = e.getMessage();
      progress.accept(entrant.name + ": " + e.getMessage());
    }
  }

  private List<String> pythonCommand() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(options.python());
    command.add(WorkerProcess.resource("pytorch_contender.py").toString());
    if (options.compile()) {
      command.add("--compile");
    }
    return command;
  }

  private void round(Entrant entrant) {
    if (entrant.failure != null) {
      return;
    }
    try {
      for (Reply.Variant variant : entrant.chosen) {
        Thread.sleep(PAUSE_MILLIS);
        Reply reply = entrant.process.ask(Request.measure(variant.name(), options.seconds()));
        if (reply.failure() != null) {
          throw new IOException(reply.failure());
        }
        entrant.samples.computeIfAbsent(variant, v -> new ArrayList<>()).add(reply.seconds());
      }
    } catch (IOException e) {
      entrant.failure = e.getMessage();
      progress.accept(entrant.name + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A workload with its numbers, and the right answers, each computed once. */
  private static final class Task implements AutoCloseable {
    final Workload workload;
    final ProblemFiles files;
    private final Problem problem;
    private final Map<Boolean, Answer> right = new HashMap<>();

    Task(Workload workload) throws IOException {
      this.workload = workload;
      problem = Problem.of(workload);
      files = new ProblemFiles(problem);
    }

    Reply.Variant check(Reply.Variant variant, boolean nesterov) throws IOException {
      if (variant.failure() != null) {
        return variant;
      }
      String failure = null;
      Double error = null;
      try {
        Answer answer = files.answer(variant.files());
        error =
            answer.requireCloseTo(
                right.computeIfAbsent(nesterov, n -> Reference.answer(problem, n)), problem);
      } catch (IllegalStateException e) {
        failure = e.getMessage();
      }
      return new Reply.Variant(variant.name(), failure, variant.seconds(), error, null);
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }

  /** A contender in one workload. */
  private static final class Entrant {
    final String name;
    final Map<Reply.Variant, List<Double>> samples = new LinkedHashMap<>();
    List<Reply.Variant> chosen = List.of();
    WorkerProcess process;
    String version = "";
    String failure;

    Entrant(String name) {
      this.name = name;
    }

    void choose(List<Reply.Variant> good) {
      double best = good.stream().mapToDouble(Reply.Variant::seconds).min().orElseThrow();
      chosen =
          good.stream()
              .filter(variant -> variant.seconds() <= CLOSE * best)
              .sorted(Comparator.comparingDouble(Reply.Variant::seconds))
              .limit(VARIANTS)
              .toList();
    }

    Row row(Workload workload, int threads) {
      if (failure != null) {
        return Row.failed(workload.name(), threads, name, failure);
      }
      // Forks of Tenon have the same variant with another error and other first sights.
      Map<String, List<Double>> byName = new LinkedHashMap<>();
      Map<String, Double> errors = new LinkedHashMap<>();
      samples.forEach(
          (variant, values) -> {
            byName.computeIfAbsent(variant.name(), v -> new ArrayList<>()).addAll(values);
            errors.merge(variant.name(), variant.error(), Math::max);
          });
      return byName.entrySet().stream()
          .map(
              entry -> {
                double[] values =
                    entry.getValue().stream().mapToDouble(seconds -> 1e3 * seconds).toArray();
                return new Row(
                    workload.name(),
                    threads,
                    name,
                    version,
                    entry.getKey(),
                    Timing.median(values),
                    Arrays.stream(values).min().orElseThrow(),
                    Arrays.stream(values).max().orElseThrow(),
                    values.length,
                    errors.get(entry.getKey()),
                    "");
              })
          .min(Comparator.comparingDouble(Row::milliseconds))
          .orElseThrow();
    }

    void close() throws IOException {
      if (process != null) {
        process.close();
        process = null;
      }
    }
  }
}
