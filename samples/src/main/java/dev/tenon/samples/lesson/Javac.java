package dev.tenon.samples.lesson;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Runs the compiler of this JDK on a source that lies beside this class as a resource. */
final class Javac {
  private Javac() {}

  /** The text of a source, such as {@code Mistaken.java}. */
  static String source(String file) {
    try (InputStream in = Javac.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not beside " + Javac.class.getName() + ".");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + file, e);
    }
  }

  /** What javac prints for a source; empty if this Java has no compiler. */
  static Optional<String> compile(String file) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      return Optional.empty();
    }
    try {
      Path output = Files.createTempDirectory("tenon-lesson");
      try {
        return Optional.of(compile(compiler, file, output));
      } finally {
        delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not run javac on " + file, e);
    }
  }

  private static String compile(JavaCompiler compiler, String file, Path output) {
    List<String> options =
        List.of(
            "-classpath",
            System.getProperty("java.class.path"),
            "-processor",
            "dev.tenon.processor.TenonProcessor",
            "-d",
            output.toString());
    StringWriter printed = new StringWriter();
    CompilationTask task =
        compiler.getTask(printed, null, null, options, null, List.of(inMemory(file)));
    task.setLocale(Locale.ENGLISH);
    task.call();
    return printed.toString();
  }

  private static JavaFileObject inMemory(String file) {
    String text = source(file);
    return new SimpleJavaFileObject(URI.create("lesson:/" + file), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }

      /** The name in messages; the inherited one is a path from the root. */
      @Override
      public String getName() {
        return file;
      }
    };
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
