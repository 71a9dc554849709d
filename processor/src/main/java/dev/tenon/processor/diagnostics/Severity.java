package dev.tenon.processor.diagnostics;

/** How javac shows a diagnostic: an error ends the build, a warning and a note do not. */
public enum Severity {
  ERROR,
  WARNING,
  NOTE
}
