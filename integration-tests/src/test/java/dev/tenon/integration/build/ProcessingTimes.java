package dev.tenon.integration.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.processor.TenonProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.annotation.processing.Completion;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Prints what the processor costs: for each network of the samples the time that it takes, in a
 * virtual machine that has compiled them before and in one that has just started, and its share of
 * a clean {@code mvn compile} of the samples. docs/benchmarks.md says how to run it.
 */
final class ProcessingTimes {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Path SAMPLES = ROOT.resolve("samples/src/main/java");

  private static final int ROUNDS = 15;

  private ProcessingTimes() {}

  /** All in milliseconds. */
  private record Times(double processor, double javac) {}

  /**
   * Measures and prints.
   *
   * @param arguments {@code --vector} generates vector kernels too; {@code --rounds n} compiles
   *     each network n times before it counts, n times that count, and a third of n times in a
   *     fresh virtual machine; the rest is this class's own
   */
  public static void main(String[] arguments) throws Exception {
    List<String> given = new ArrayList<>(List.of(arguments));
    boolean vector = given.remove("--vector");
    int rounds = ROUNDS;
    if (!given.isEmpty() && given.get(0).equals("--rounds")) {
      rounds = Integer.parseInt(given.get(1));
      given.subList(0, 2).clear();
    }
    int coldRounds = Math.max(1, rounds / 3);
    if (!given.isEmpty()) {
      Times times = compile(given.stream().map(Path::of).toList(), vector);
      System.out.printf(Locale.ROOT, "%.3f %.3f%n", times.processor, times.javac);
      return;
    }
    List<Path> networks = sources("@Network");
    List<Path> blocks = sources("@Block");
    for (int i = 0; i < rounds; i++) {
      for (Path network : networks) {
        compile(withBlocks(network, blocks), vector);
      }
    }
    System.out.printf(
        "%-20s %12s %12s %16s%n", "network", "warm, ms", "cold, ms", "cold javac, ms");
    List<Double> warm = new ArrayList<>();
    List<Double> cold = new ArrayList<>();
    for (Path network : networks) {
      List<Path> files = withBlocks(network, blocks);
      List<Times> inWarm = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        inWarm.add(compile(files, vector));
      }
      List<Times> inCold = inFreshMachines(files, vector, coldRounds);
      warm.add(median(inWarm.stream().map(Times::processor).toList()));
      cold.add(median(inCold.stream().map(Times::processor).toList()));
      print(
          network.getFileName().toString().replace(".java", ""),
          warm.get(warm.size() - 1),
          cold.get(cold.size() - 1),
          median(inCold.stream().map(Times::javac).toList()));
    }
    System.out.printf(Locale.ROOT, "%-20s %12.1f %12.1f%n", "median", median(warm), median(cold));

    List<Path> all = Stream.concat(networks.stream(), blocks.stream()).toList();
    List<Times> together = inFreshMachines(all, vector, coldRounds);
    double processor = median(together.stream().map(Times::processor).toList());
    print(
        "all in one javac",
        Double.NaN,
        processor,
        median(together.stream().map(Times::javac).toList()));
    double maven = mavenCompile(vector, coldRounds);
    System.out.printf(
        Locale.ROOT,
        "A clean mvn compile of the samples takes %.1f s; the processor's share, cold, is %.1f %%.%n",
        maven / 1000,
        100 * processor / maven);
  }

  private static void print(String name, double warm, double cold, double javac) {
    System.out.printf(
        Locale.ROOT,
        "%-20s %12s %12.1f %16.1f%n",
        name,
        Double.isNaN(warm) ? "" : String.format(Locale.ROOT, "%.1f", warm),
        cold,
        javac);
  }

  /** The samples' files with an annotation, in order. */
  private static List<Path> sources(String annotation) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SAMPLES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        if (Files.readAllLines(file).stream().anyMatch(line -> line.startsWith(annotation))) {
          found.add(file);
        }
      }
    }
    return found;
  }

  /** A network with the blocks of its package. */
  private static List<Path> withBlocks(Path network, List<Path> blocks) {
    return Stream.concat(
            Stream.of(network),
            blocks.stream().filter(block -> block.getParent().equals(network.getParent())))
        .toList();
  }

  /** As javac does it, up to where it would compile what was generated. */
  private static Times compile(List<Path> files, boolean vector) throws IOException {
    Path output = Files.createTempDirectory("tenon-processing");
    List<String> options =
        new ArrayList<>(
            List.of(
                "-proc:only",
                "-implicit:none",
                "-sourcepath",
                SAMPLES.toString(),
                "-d",
                output.toString(),
                "-cp",
                System.getProperty("java.class.path")));
    if (vector) {
      options.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    TimedProcessor processor = new TimedProcessor();
    try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, UTF_8)) {
      long start = System.nanoTime();
      JavaCompiler.CompilationTask task =
          javac.getTask(
              null, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files));
      task.setProcessors(List.of(processor));
      if (!task.call()) {
        throw new IllegalStateException("Did not compile: " + files);
      }
      return new Times(processor.nanos / 1e6, (System.nanoTime() - start) / 1e6);
    } finally {
      delete(output);
    }
  }

  private static List<Times> inFreshMachines(List<Path> files, boolean vector, int rounds)
      throws IOException, InterruptedException {
    List<Times> times = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  ProcessingTimes.class.getName()));
      if (vector) {
        command.add("--vector");
      }
      files.forEach(file -> command.add(file.toString()));
      Process java =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String[] printed =
          new String(java.getInputStream().readAllBytes(), UTF_8).strip().split(" ", -1);
      if (java.waitFor() != 0) {
        throw new IllegalStateException("Failed: " + command);
      }
      times.add(new Times(Double.parseDouble(printed[0]), Double.parseDouble(printed[1])));
    }
    return times;
  }

  /** The samples begin every build by deleting what they had; the other modules are up to date. */
  private static double mavenCompile(boolean vector, int rounds)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-q",
                "-o",
                "-pl",
                "samples",
                "-am",
                "compile"));
    if (vector) {
      command.add("-Dvector");
    }
    List<Double> times = new ArrayList<>();
    for (int i = 0; i <= rounds; i++) {
      ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile()).inheritIO();
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      long start = System.nanoTime();
      if (builder.start().waitFor() != 0) {
        throw new IllegalStateException("Failed: " + command);
      }
      // The first may have had more to compile.
      if (i > 0) {
        times.add((System.nanoTime() - start) / 1e6);
      }
    }
    return median(times);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Tenon's, with a stop-watch around what javac calls. */
  private static final class TimedProcessor implements Processor {
    private final Processor inner = new TenonProcessor();
    private long nanos;

    @Override
    public void init(ProcessingEnvironment environment) {
      long start = System.nanoTime();
      inner.init(environment);
      nanos += System.nanoTime() - start;
    }

    @Override
    @SuppressWarnings("DoNotClaimAnnotations") // What the inner one claims is claimed.
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
      long start = System.nanoTime();
      boolean claimed = inner.process(annotations, round);
      nanos += System.nanoTime() - start;
      return claimed;
    }

    @Override
    public Set<String> getSupportedOptions() {
      return inner.getSupportedOptions();
    }

    @Override
    public Set<String> getSupportedAnnotationTypes() {
      return inner.getSupportedAnnotationTypes();
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
      return inner.getSupportedSourceVersion();
    }

    @Override
    public Iterable<? extends Completion> getCompletions(
        Element element, AnnotationMirror annotation, ExecutableElement member, String userText) {
      return inner.getCompletions(element, annotation, member, userText);
    }
  }
}
