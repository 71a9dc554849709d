package dev.tenon.processor.diagnostics;

import dev.tenon.processor.declaration.SourceRef;
import java.util.ArrayList;
import java.util.List;

/**
 * One message to the user.
 *
 * @param problem which kind
 * @param ref where in the source
 * @param headline the first line, complete in itself: subject, what is wrong, both numbers
 * @param trace the chain of shapes that led there, one line each; may be empty
 * @param remedies changes that may make the network right, most likely first; may be empty
 * @param advice what to do where none of them does; may be empty
 */
public record Diagnostic(
    Problem problem,
    SourceRef ref,
    String headline,
    List<String> trace,
    List<Remedy> remedies,
    String advice) {

  public Diagnostic {
    trace = List.copyOf(trace);
    remedies = List.copyOf(remedies);
  }

  /** A message with advice only. */
  public Diagnostic(
      Problem problem, SourceRef ref, String headline, List<String> trace, String advice) {
    this(problem, ref, headline, trace, List.of(), advice);
  }

  /** The same with one more remedy. */
  public Diagnostic or(Remedy remedy) {
    List<Remedy> more = new ArrayList<>(remedies);
    more.add(remedy);
    return with(more);
  }

  /** The same with other remedies. */
  public Diagnostic with(List<Remedy> others) {
    return new Diagnostic(problem, ref, headline, trace, others, advice);
  }

  /** The same with a chain of shapes. */
  public Diagnostic withTrace(List<String> lines) {
    return new Diagnostic(problem, ref, headline, lines, remedies, advice);
  }

  /** The text as javac prints it. */
  public String text() {
    StringBuilder text = new StringBuilder("[" + problem.id() + "] ").append(headline);
    for (String line : trace) {
      text.append("\n  ").append(line);
    }
    String last = remedies.isEmpty() ? advice : Remedy.sentence(remedies);
    if (!last.isEmpty()) {
      text.append(trace.isEmpty() ? " " : "\n  ").append(last);
    }
    return text.toString();
  }
}
