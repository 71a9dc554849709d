package dev.tenon.processor.diagnostics;

import dev.tenon.processor.declaration.SourceRef;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the diagnostics of one network. Steps add and go on, so that every mistake of a network
 * shows in one build; nothing throws for a user's mistake.
 */
public final class Report {
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /** Adds a message; {@code advice} may be empty. */
  public void add(Problem problem, SourceRef ref, String headline, String advice) {
    add(problem, ref, headline, List.of(), advice);
  }

  /** Adds a message with changes that may help; {@code advice} is for when none does. */
  public void add(
      Problem problem, SourceRef ref, String headline, List<Remedy> remedies, String advice) {
    add(new Diagnostic(problem, ref, headline, List.of(), remedies, advice));
  }

  public void add(Diagnostic diagnostic) {
    diagnostics.add(diagnostic);
  }

  public List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  public boolean hasErrors() {
    return errorCount() > 0;
  }

  /** Number of errors so far; comparing two counts tells whether a step has failed. */
  public long errorCount() {
    return diagnostics.stream().filter(d -> d.problem().severity() == Severity.ERROR).count();
  }
}
