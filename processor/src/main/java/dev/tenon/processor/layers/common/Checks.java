package dev.tenon.processor.layers.common;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import java.util.List;

/**
 * Checks of one layer's attributes. Every check that fails reports at the attribute's value and
 * goes on, so that all bad values of a layer show at once.
 */
public final class Checks {
  private final LayerDeclaration declaration;
  private final Report report;
  private final long errorsBefore;

  public Checks(LayerDeclaration declaration, Report report) {
    this.declaration = declaration;
    this.report = report;
    this.errorsBefore = report.errorCount();
  }

  /** Whether nothing has gone wrong since these checks began. */
  public boolean passed() {
    return report.errorCount() == errorsBefore;
  }

  /** Reports at an attribute: {@code @Conv2d on conv1: <what>}. */
  public void report(Problem problem, String attribute, String what, String remedy) {
    report.add(
        problem,
        declaration.attributes().at(attribute),
        declaration.subject() + ": " + what,
        remedy);
  }

  /** An integer that must be at least {@code minimum}. */
  public void atLeast(Problem problem, String attribute, int minimum) {
    int value = declaration.attributes().integer(attribute);
    if (value < minimum) {
      report(problem, attribute, below(attribute, minimum, value), "");
    }
  }

  /** A size that 0 leaves to what flows in. */
  public void sizeOrZero(Problem problem, String attribute) {
    int value = declaration.attributes().integer(attribute);
    if (value < 0) {
      report(
          problem,
          attribute,
          attribute + " must be at least 1, but is " + value + ".",
          "Leave it out to take it from what flows in.");
    }
  }

  /**
   * Values for the height and the width: one for both, or two. Gives them as two, or an empty list
   * after a report.
   */
  public List<Integer> pair(
      Problem lengthProblem, Problem rangeProblem, String attribute, int minimum) {
    List<Integer> values = declaration.attributes().integers(attribute);
    if (values.isEmpty() || values.size() > 2) {
      report(
          lengthProblem,
          attribute,
          attribute
              + " takes one value for height and width, or two, {height, width}, but has "
              + values.size()
              + ".",
          "");
      return List.of();
    }
    boolean inRange = true;
    for (int value : values) {
      if (value < minimum) {
        report(rangeProblem, attribute, below(attribute, minimum, value), "");
        inRange = false;
        break;
      }
    }
    return inRange ? List.of(values.get(0), values.get(values.size() - 1)) : List.of();
  }

  private static String below(String attribute, int minimum, int value) {
    return attribute + " must be at least " + minimum + ", but is " + value + ".";
  }
}
