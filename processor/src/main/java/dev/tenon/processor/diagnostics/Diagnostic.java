package dev.tenon.processor.diagnostics;

import dev.tenon.processor.declaration.SourceRef;
import java.util.List;

/**
 * One message to the user.
 *
 * @param problem which kind
 * @param ref where in the source
 * @param headline the first line, complete in itself: subject, what is wrong, both numbers
 * @param trace the chain of shapes that led there, one line each; may be empty
 * @param remedy what to do about it; may be empty
 */
public record Diagnostic(
    Problem problem, SourceRef ref, String headline, List<String> trace, String remedy) {

  public Diagnostic {
    trace = List.copyOf(trace);
  }

  /**
   * The same with one more way out behind the remedy: {@code Set channels = 32 here, or out = 16 on
   * conv1.}
   *
   * @param way goes on where the remedy's sentence ends
   */
  public Diagnostic orElse(String way) {
    String sentence = remedy.endsWith(".") ? remedy.substring(0, remedy.length() - 1) : remedy;
    return new Diagnostic(problem, ref, headline, trace, sentence + ", or " + way + ".");
  }

  /** The text as javac prints it. */
  public String text() {
    StringBuilder text = new StringBuilder("[" + problem.id() + "] ").append(headline);
    for (String line : trace) {
      text.append("\n  ").append(line);
    }
    if (!remedy.isEmpty()) {
      text.append(trace.isEmpty() ? " " : "\n  ").append(remedy);
    }
    return text.toString();
  }
}
