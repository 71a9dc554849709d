package dev.tenon.processor.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All networks of the repository as sources: those of samples, of tests and of the pages. */
final class Corpus {
  /** Sees what the networks name. Has no line break, so lines keep their numbers. */
  private static final String PRELUDE =
      "package test; import dev.tenon.annotations.*; import dev.tenon.runtime.*;"
          + " import dev.tenon.runtime.layer.*; import dev.tenon.runtime.model.*;"
          + " import dev.tenon.runtime.state.*;"
          + " import java.util.*; ";

  private static final Path ROOT = Path.of("..");
  private static final Pattern HEADER = Pattern.compile("(?m)^\\s*(package|import) [^;]*;\\s*?$");
  private static final Pattern TEXT_BLOCK = Pattern.compile("\"\"\"\\n(.*?)\"\"\"", Pattern.DOTALL);
  private static final Pattern FENCE =
      Pattern.compile(
          "(?m)^```java( wrong[^\\n]*)?\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern CLASS_LITERAL = Pattern.compile("(\\w+)\\.class");

  /**
   * What is compiled together.
   *
   * @param name where it comes from
   * @param isFile whether it is a file of its own, and so a network that is right
   * @param sources one or several compilation units
   */
  record Program(String name, boolean isFile, List<String> sources) {
    Program {
      sources = List.copyOf(sources);
    }
  }

  private Corpus() {}

  /** In an order that does not depend on the machine. */
  static List<Program> programs() {
    try {
      List<Program> programs = new ArrayList<>();
      programs.addAll(files(ROOT.resolve("samples/src/main")));
      programs.addAll(files(ROOT.resolve("integration-tests/src/test/resources/networks")));
      programs.addAll(snippets(ROOT.resolve("processor/src/test/java"), ".java", TEXT_BLOCK, 1));
      programs.addAll(snippets(ROOT.resolve("docs"), ".md", FENCE, 2));
      return List.copyOf(programs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those that are files. */
  static List<Program> files(List<Program> programs) {
    return programs.stream().filter(Program::isFile).toList();
  }

  /** Files with a network, each with the blocks of its folder that it names. */
  private static List<Program> files(Path folder) throws IOException {
    Map<Path, String> texts = new TreeMap<>();
    for (Path file : under(folder, ".java")) {
      String text = Files.readString(file);
      if (text.contains("@Network") || text.contains("@Block")) {
        texts.put(file, PRELUDE + HEADER.matcher(text).replaceAll(""));
      }
    }
    List<Program> programs = new ArrayList<>();
    texts.forEach(
        (file, text) -> {
          if (text.contains("@Network")) {
            Set<String> sources = new LinkedHashSet<>();
            addWithBlocks(file, texts, sources);
            programs.add(new Program(file.getFileName().toString(), true, List.copyOf(sources)));
          }
        });
    return programs;
  }

  private static void addWithBlocks(Path file, Map<Path, String> texts, Set<String> into) {
    String text = texts.get(file);
    if (text != null && into.add(text)) {
      CLASS_LITERAL
          .matcher(text)
          .results()
          .forEach(
              named -> addWithBlocks(file.resolveSibling(named.group(1) + ".java"), texts, into));
    }
  }

  private static List<Program> snippets(Path folder, String ending, Pattern mark, int group)
      throws IOException {
    List<Program> programs = new ArrayList<>();
    for (Path file : under(folder, ending)) {
      Matcher snippet = mark.matcher(Files.readString(file));
      while (snippet.find()) {
        String text = snippet.group(group);
        // What a test puts together from pieces is no source as it stands.
        if (text.contains("@Network") && !text.contains("%s") && !text.contains("\\")) {
          String source = HEADER.matcher(text.stripIndent()).replaceAll("");
          programs.add(
              new Program(
                  file.getFileName() + ", " + (programs.size() + 1),
                  false,
                  List.of(PRELUDE + source)));
        }
      }
    }
    return programs;
  }

  private static List<Path> under(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  /** The ids that the pages explain: the headings of two and of three levels. */
  static Set<String> documentedIds() {
    try {
      Set<String> ids = new LinkedHashSet<>();
      for (Path page : under(ROOT.resolve("docs"), ".md")) {
        Matcher heading = Pattern.compile("(?m)^##+ (\\w+)\\s*$").matcher(Files.readString(page));
        while (heading.find()) {
          ids.add(heading.group(1));
        }
      }
      return ids;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
