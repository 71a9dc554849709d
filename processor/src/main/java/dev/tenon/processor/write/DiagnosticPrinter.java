package dev.tenon.processor.write;

import dev.tenon.processor.diagnostics.Diagnostic;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.diagnostics.Severity;
import dev.tenon.processor.read.SourceLocator;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.Messager;
import javax.tools.Diagnostic.Kind;

/** Hands a report to javac, each diagnostic at its place. */
public final class DiagnosticPrinter {
  private final Messager messager;

  /** What has been said of records, each of which may be an end of several networks. */
  private final Set<String> saidOfRecords = new HashSet<>();

  /** Prepares a printer. */
  public DiagnosticPrinter(Messager messager) {
    this.messager = messager;
  }

  /**
   * Prints everything that the user has not switched off; errors cannot be. The order is the
   * source's, not that of the steps that found it.
   */
  public void print(Report report, SourceLocator locator) {
    List<Diagnostic> inSourceOrder =
        report.diagnostics().stream()
            .sorted(Comparator.comparingInt(diagnostic -> diagnostic.ref().member()))
            .toList();
    Set<List<Object>> saidOfBlocks = new HashSet<>();
    for (Diagnostic diagnostic : inSourceOrder) {
      Problem problem = diagnostic.problem();
      // One mistake in a block is one error, however often the block is used.
      if (locator.isInBlock(diagnostic.ref())
          && !saidOfBlocks.add(List.of(problem, diagnostic.ref()))) {
        continue;
      }
      if (locator.isInRecord(diagnostic.ref()) && !saidOfRecords.add(diagnostic.text())) {
        continue;
      }
      if (problem.severity() == Severity.ERROR
          || !locator.isSuppressed(diagnostic.ref(), problem.id())) {
        print(diagnostic, locator.locate(diagnostic.ref()));
      }
    }
  }

  private void print(Diagnostic diagnostic, SourceLocator.Position at) {
    Kind kind =
        switch (diagnostic.problem().severity()) {
          case ERROR -> Kind.ERROR;
          case WARNING -> Kind.WARNING;
          case NOTE -> Kind.NOTE;
        };
    // javac takes an absent annotation or value, given as null, to mean the element around it.
    messager.printMessage(
        kind,
        diagnostic.text(),
        at.element(),
        at.annotation().orElse(null),
        at.value().orElse(null));
  }
}
