package dev.tenon.samples.docs;

import dev.tenon.processor.TenonProcessor;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.annotation.processing.Processor;
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles snippets with the processor, into a folder, in the unnamed package. */
final class SnippetCompiler {
  /** In one line before the first of a snippet, so that javac counts lines as the reader does. */
  private static final String IMPORTS =
      String.join(
          " ",
          "import dev.tenon.annotations.*;",
          "import dev.tenon.runtime.*;",
          "import dev.tenon.runtime.file.*;",
          "import dev.tenon.runtime.init.*;",
          "import dev.tenon.runtime.layer.*;",
          "import dev.tenon.runtime.loss.*;",
          "import dev.tenon.runtime.model.*;",
          "import dev.tenon.runtime.optim.*;",
          "import dev.tenon.runtime.state.*;",
          "import dev.tenon.runtime.train.*;",
          "import dev.tenon.runtime.typed.*;",
          "import static dev.tenon.runtime.loss.Losses.*;",
          "import static dev.tenon.runtime.optim.Optimizers.*;",
          "import static dev.tenon.runtime.schedule.Schedules.*;",
          "import java.nio.file.Files;",
          "import java.nio.file.Path;",
          "import java.util.Arrays;",
          "import java.util.List;",
          "import java.util.Locale;",
          "");

  private static final Pattern TYPE =
      Pattern.compile("^(?:\\w+ )*(?:interface|class|record|enum) (\\w+)", Pattern.MULTILINE);

  private final Path folder;
  private final Map<String, String> sources = new TreeMap<>();

  SnippetCompiler(Path folder) {
    this.folder = folder;
  }

  /** Adds a snippet under the name of its first type; one that has imports gets no others. */
  SnippetCompiler add(String snippet) {
    Matcher type = TYPE.matcher(snippet);
    if (!type.find()) {
      throw new AssertionError("A snippet marked java declares no type:\n" + snippet);
    }
    String before =
        sources.put(
            type.group(1) + ".java", snippet.startsWith("import ") ? snippet : IMPORTS + snippet);
    if (before != null) {
      throw new AssertionError("Two snippets of a page declare " + type.group(1) + ".");
    }
    return this;
  }

  /** Adds each type of a snippet as a file of its own, as a reader would. */
  SnippetCompiler addEach(String snippet) {
    // Members are indented, so that a type begins behind an empty line, at the border.
    String imports = "";
    for (String part : snippet.split("\n\n(?=[@\\w/])", -1)) {
      if (TYPE.matcher(part).find()) {
        add(imports + part);
      } else {
        imports = part + "\n\n";
      }
    }
    return this;
  }

  /** What javac prints with all its warnings as errors; nothing when all is well. */
  String compileStrictly() {
    return compile(new TenonProcessor(), "-Xlint:all,-path", "-Werror");
  }

  /** What javac prints with its defaults. */
  String compile() {
    return compile(new TenonProcessor());
  }

  /** What javac prints with another processor, or with more options. */
  String compile(Processor processor, String... moreOptions) {
    StringWriter printed = new StringWriter();
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((name, text) -> files.add(new Source(name, text)));
    List<String> options = new ArrayList<>(List.of(moreOptions));
    options.addAll(
        List.of("-classpath", System.getProperty("java.class.path"), "-d", folder.toString()));
    CompilationTask task =
        ToolProvider.getSystemJavaCompiler().getTask(printed, null, null, options, null, files);
    task.setProcessors(List.of(processor));
    task.setLocale(Locale.ENGLISH);
    task.call();
    return withoutImports(printed.toString());
  }

  /** Takes the imports out of shown source lines, and their width out of the line below. */
  private static String withoutImports(String printed) {
    List<String> lines = new ArrayList<>(printed.lines().toList());
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(IMPORTS)) {
        lines.set(i, lines.get(i).substring(IMPORTS.length()));
        lines.set(i + 1, lines.get(i + 1).substring(IMPORTS.length()));
      }
    }
    return String.join("\n", lines);
  }

  /** Loads what was compiled. */
  URLClassLoader loader() throws IOException {
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
  }

  /** The source that the processor wrote for a type. */
  String generated(String type) throws IOException {
    return Files.readString(folder.resolve(type + ".java"));
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String name;
    private final String text;

    Source(String name, String text) {
      super(URI.create("docs:/" + name), Kind.SOURCE);
      this.name = name;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }

    /** The name in messages; the inherited one is a path from the root. */
    @Override
    public String getName() {
      return name;
    }
  }
}
