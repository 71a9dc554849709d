package dev.tenon.processor.testing;

import dev.tenon.processor.TenonProcessor;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Compiles sources in memory, with all lint on and the processor at work.
 *
 * <pre>{@code
 * Compiled compiled = CompilerHarness.compile("interface Nothing {}");
 * }</pre>
 *
 * A source with neither package nor imports is put into the package {@code test} and sees all
 * annotations and the runtime.
 */
public final class CompilerHarness {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

  // One for all tests of a JVM: it keeps the class path open, which takes longer than a small
  // compilation. javac's file managers are not meant for several threads; tests run on one.
  private static final StandardJavaFileManager FILES =
      JAVAC.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);

  private final List<String> options = new ArrayList<>(List.of("-Xlint:all,-path,-options"));
  private StandardJavaFileManager files = FILES;
  private final List<Processor> processors = new ArrayList<>();

  private CompilerHarness(Processor first) {
    processors.add(first);
  }

  /** Compiles with the processor as users have it. */
  public static Compiled compile(String... sources) {
    return with(new TenonProcessor()).run(sources);
  }

  /** A compilation with another processor. */
  public static CompilerHarness with(Processor processor) {
    return new CompilerHarness(processor);
  }

  /** Adds a processor behind the first. */
  public CompilerHarness and(Processor processor) {
    processors.add(processor);
    return this;
  }

  /** Adds options of javac's. */
  public CompilerHarness options(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /**
   * Has vector kernels generated too, where the tests run with the module that they need; it must
   * be visible to the compilation and in the virtual machine. javac then says that the module
   * incubates, which is a warning that no option of 17 turns off.
   */
  public CompilerHarness withVectorsIfPresent() {
    return hasVectors() ? options("--add-modules", VECTOR_MODULE) : this;
  }

  /** Whether these tests run with vectors. */
  public static boolean hasVectors() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }

  /** Replaces the tests' own class path, which has the annotations and the runtime. */
  public CompilerHarness classPath(Path... entries) {
    try {
      files = JAVAC.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of(entries));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compiles. */
  public Compiled run(String... sources) {
    return compileAll(Stream.of(sources).map(Sources::file).toList());
  }

  /** Compiles sources as they are, each by its path. */
  public Compiled runFiles(Map<String, String> sources) {
    return compileAll(
        sources.entrySet().stream()
            .map(source -> Sources.file(source.getKey(), source.getValue()))
            .toList());
  }

  private Compiled compileAll(List<JavaFileObject> units) {
    DiagnosticCollector<JavaFileObject> collector = new DiagnosticCollector<>();
    try (MemoryFiles memory = new MemoryFiles(files)) {
      StringWriter console = new StringWriter();
      JavaCompiler.CompilationTask task =
          JAVAC.getTask(console, memory, collector, options, null, units);
      task.setLocale(Locale.ROOT);
      task.setProcessors(processors);
      boolean succeeded = task.call();
      return new Compiled(
          succeeded,
          collector.getDiagnostics(),
          console.toString(),
          memory.generatedSources(),
          memory.classes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
