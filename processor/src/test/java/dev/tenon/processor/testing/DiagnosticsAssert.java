package dev.tenon.processor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/**
 * Error tests as examples: the expectation stands in the source, in the line above. Every
 * diagnostic must be expected and every expectation met.
 *
 * <pre>{@code
 * assertDiagnostics("""
 *     @Network(input = {3, 32, 32})
 *     interface Net {
 *       // expect@"16" [BatchNorm2dChannels] channels = 16, but its input has 3 channels
 *       @BatchNorm2d(channels = 16) BatchNorm bn1();
 *     }
 *     """);
 * }</pre>
 *
 * <ul>
 *   <li>{@code // expect [Id] text}: a diagnostic with this id in the next line of code, with the
 *       text somewhere in its message; runs of white space count as one space.
 *   <li>{@code // expect@"16" [Id] text}: and its column is where {@code 16} stands in that line;
 *       {@code // expect@""bn1"" [Id] text} for a string.
 *   <li>{@code // more text} (three spaces) below it continues the text, for instance with the
 *       chain of shapes.
 *   <li>Several expectations may be stacked above one line.
 *   <li>{@code // expect [javac] text} is for a message of javac's own, which may have no place.
 * </ul>
 */
public final class DiagnosticsAssert {
  private static final Pattern EXPECT =
      Pattern.compile("\\s*// expect(?:@\"(.+?)\"(?= \\[))? \\[(\\w+)] ?(.*)");
  private static final Pattern CONTINUED = Pattern.compile("\\s*// {3,}(\\S.*)");
  private static final Pattern ID = Pattern.compile("\\[([A-Z]\\w*)] ");
  private static final String JAVAC = "javac";

  /** One expectation, for a line of a file. */
  private record Expectation(int file, int line, String column, String id, String text) {
    boolean isMetBy(Diagnostic<? extends JavaFileObject> diagnostic, List<JavaFileObject> files) {
      String message = Compiled.message(diagnostic);
      if (diagnostic.getSource() == null) {
        return id.equals(JAVAC) && flat(message).contains(flat(text));
      }
      // By name: the compilation had file objects of its own.
      return files.get(file).toUri().equals(diagnostic.getSource().toUri())
          && line == diagnostic.getLineNumber()
          && idOf(message).equals(id)
          && flat(message).contains(flat(text))
          && (column.isEmpty() || startsAt(diagnostic));
    }

    private boolean startsAt(Diagnostic<? extends JavaFileObject> diagnostic) {
      return content(diagnostic.getSource()).startsWith(column, (int) diagnostic.getPosition());
    }

    @Override
    public String toString() {
      String at = column.isEmpty() ? "" : " at \"" + column + "\"";
      return "line " + line + at + ": [" + id + "] " + text;
    }
  }

  private DiagnosticsAssert() {}

  /** Compiles the sources with the processor and compares what it says with what they expect. */
  public static Compiled assertDiagnostics(String... sources) {
    return assertDiagnostics(CompilerHarness.compile(sources), sources);
  }

  /** Compares what a compilation of these sources said with what they expect. */
  public static Compiled assertDiagnostics(Compiled compiled, String... sources) {
    List<JavaFileObject> files = new ArrayList<>();
    List<Expectation> unmet = new ArrayList<>();
    for (String source : sources) {
      unmet.addAll(expectations(files.size(), source));
      files.add(Sources.file(source));
    }
    List<Diagnostic<? extends JavaFileObject>> unexpected = new ArrayList<>();
    for (Diagnostic<? extends JavaFileObject> diagnostic : compiled.diagnostics()) {
      unmet.stream()
          .filter(expectation -> expectation.isMetBy(diagnostic, files))
          .findFirst()
          .ifPresentOrElse(unmet::remove, () -> unexpected.add(diagnostic));
    }
    if (!unmet.isEmpty() || !unexpected.isEmpty()) {
      throw new AssertionError(
          "Expected but missing:\n"
              + indented(unmet.stream().map(Expectation::toString).toList())
              + "\nUnexpected:\n"
              + indented(unexpected.stream().map(DiagnosticsAssert::describe).toList()));
    }
    return compiled;
  }

  private static List<Expectation> expectations(int file, String source) {
    List<String> lines = source.lines().toList();
    List<Expectation> all = new ArrayList<>();
    List<Matcher> stacked = new ArrayList<>();
    List<StringBuilder> texts = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher expect = EXPECT.matcher(lines.get(i));
      Matcher continued = CONTINUED.matcher(lines.get(i));
      if (expect.matches()) {
        stacked.add(expect);
        texts.add(new StringBuilder(expect.group(3)));
      } else if (!stacked.isEmpty() && continued.matches()) {
        texts.get(texts.size() - 1).append(' ').append(continued.group(1));
      } else {
        for (int j = 0; j < stacked.size(); j++) {
          String column = stacked.get(j).group(1) == null ? "" : stacked.get(j).group(1);
          all.add(
              new Expectation(
                  file, i + 1, column, stacked.get(j).group(2), texts.get(j).toString()));
        }
        stacked.clear();
        texts.clear();
      }
    }
    if (!stacked.isEmpty()) {
      throw new IllegalArgumentException("An expectation stands above no line.");
    }
    return all;
  }

  private static String idOf(String message) {
    Matcher id = ID.matcher(message);
    return id.lookingAt() ? id.group(1) : JAVAC;
  }

  private static String flat(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  private static String describe(Diagnostic<? extends JavaFileObject> diagnostic) {
    JavaFileObject source = diagnostic.getSource();
    String file = source == null ? "" : source.getName() + " ";
    String at = "";
    if (source != null && diagnostic.getPosition() >= 0) {
      String rest = content(source).substring((int) diagnostic.getPosition());
      at = " at \"" + rest.lines().findFirst().orElse("") + "\"";
    }
    return diagnostic.getKind()
        + " "
        + file
        + "line "
        + diagnostic.getLineNumber()
        + at
        + ": "
        + Compiled.message(diagnostic);
  }

  private static String indented(List<String> messages) {
    return messages.isEmpty()
        ? "  (nothing)"
        : messages.stream().map(m -> m.indent(2).stripTrailing()).collect(Collectors.joining("\n"));
  }

  private static String content(JavaFileObject file) {
    try {
      return file.getCharContent(true).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
