package dev.tenon.processor.testing;

import dev.tenon.processor.TenonProcessor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.eclipse.jdt.internal.compiler.tool.EclipseCompiler;

/** Compiles as {@link CompilerHarness} does, but with the Eclipse compiler and in a folder. */
public final class EclipseHarness {
  private EclipseHarness() {}

  /**
   * Compiles with the processor as users have it.
   *
   * @param folder empty; takes sources, generated sources and classes
   */
  public static Compiled compile(Path folder, String... sources) {
    return compile(folder, System.getProperty("java.class.path"), sources);
  }

  /** As {@link #compile(Path, String...)}, with another class path. */
  public static Compiled compile(Path folder, String classPath, String[] sources) {
    try {
      return run(folder, classPath, sources);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Compiled run(Path folder, String classPath, String... sources) throws IOException {
    Path source = Files.createDirectory(folder.resolve("source"));
    Path generated = Files.createDirectory(folder.resolve("generated"));
    Path classes = Files.createDirectory(folder.resolve("classes"));
    List<Path> units = new ArrayList<>();
    for (String text : sources) {
      JavaFileObject file = Sources.file(text);
      Path path = source.resolve(file.toUri().getPath().substring(1));
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getCharContent(true));
      units.add(path);
    }
    JavaCompiler ecj = new EclipseCompiler();
    DiagnosticCollector<JavaFileObject> collector = new DiagnosticCollector<>();
    StringWriter console = new StringWriter();
    try (StandardJavaFileManager files =
        ecj.getStandardFileManager(collector, Locale.ROOT, StandardCharsets.UTF_8)) {
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      files.setLocationFromPaths(StandardLocation.SOURCE_OUTPUT, List.of(generated));
      JavaCompiler.CompilationTask task =
          ecj.getTask(
              new PrintWriter(console, true),
              files,
              collector,
              List.of(
                  "--release",
                  "17",
                  "-proceedOnError",
                  // Sees every module of the JDK, asked for or not.
                  "-Atenon.kernels=plain",
                  "-cp",
                  classPath,
                  "-d",
                  classes.toString(),
                  "-s",
                  generated.toString()),
              null,
              files.getJavaFileObjectsFromPaths(units));
      task.setProcessors(List.of(new TenonProcessor()));
      boolean succeeded = task.call();
      return new Compiled(
          succeeded,
          List.copyOf(collector.getDiagnostics()),
          console.toString(),
          files(generated, ".java", Files::readString),
          files(classes, ".class", Files::readAllBytes));
    }
  }

  /** Files below a folder by the names of their types. */
  private static <T> Map<String, T> files(Path folder, String ending, Content<T> content)
      throws IOException {
    Map<String, T> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(file -> file.toString().endsWith(ending)).toList()) {
        String name = folder.relativize(file).toString();
        contents.put(
            name.substring(0, name.length() - ending.length())
                .replace(file.getFileSystem().getSeparator(), "."),
            content.of(file));
      }
    }
    return contents;
  }

  private interface Content<T> {
    T of(Path file) throws IOException;
  }
}
