package dev.tenon.processor.layers.common;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.layer.PlacedLayer;
import java.util.Collections;
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

  /**
   * Reports at an attribute, with changes that may help.
   *
   * @param advice for when none of them does; may be empty
   */
  public void report(
      Problem problem, String attribute, String what, List<Remedy> remedies, String advice) {
    report.add(
        problem,
        declaration.attributes().at(attribute),
        declaration.subject() + ": " + what,
        remedies,
        advice);
  }

  /**
   * Reports at one of the values of an attribute that takes several.
   *
   * @param element number of the value, from 0
   * @param advice for when none of the remedies helps; may be empty
   */
  public void report(
      Problem problem,
      String attribute,
      int element,
      String what,
      List<Remedy> remedies,
      String advice) {
    report.add(
        problem,
        declaration.attributes().ref().at(attribute, element),
        declaration.subject() + ": " + what,
        remedies,
        advice);
  }

  /** An integer that must be at least {@code minimum}. */
  public void atLeast(Problem problem, String attribute, int minimum) {
    int value = declaration.attributes().integer(attribute);
    if (value < minimum) {
      report(problem, attribute, below(attribute, minimum, value), "");
    }
  }

  /** A number that must not become infinite in the precision of the network. */
  public void finiteIn(ElementType real, Problem problem, String attribute) {
    double value = declaration.attributes().number(attribute);
    if (real == ElementType.FLOAT && Double.isFinite(value) && Float.isInfinite((float) value)) {
      report(
          problem,
          attribute,
          attribute
              + " = "
              + value
              + " is more than float32 holds: its largest number is "
              + Float.MAX_VALUE
              + ".",
          "Write a smaller number, or precision = Precision.FLOAT64 on @Network.");
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
          List.of(
              new Remedy(
                      "leave",
                      "it out to take it from what flows in",
                      new Change.LeaveOut(declaration, attribute, 0))
                  .local()),
          "");
    }
  }

  /** Whether all of an attribute's values are at least this; reports the first that is not. */
  public boolean allAtLeast(Problem problem, String attribute, List<Integer> values, int minimum) {
    for (int value : values) {
      if (value < minimum) {
        report(problem, attribute, below(attribute, minimum, value), "");
        return false;
      }
    }
    return true;
  }

  /**
   * One value for each spatial axis. An attribute of a layer with one axis is an {@code int}, else
   * an {@code int[]} of one value for all or one for each. Gives them as one for each, or an empty
   * list after a report.
   */
  public List<Integer> perAxis(WindowKind kind, String attribute, int minimum) {
    List<Integer> values = values(kind.spatial(), attribute);
    int axes = kind.spatial().axes();
    if (values.size() != 1 && values.size() != axes) {
      report(
          kind.values(),
          attribute,
          attribute + " takes " + kind.spatial().oneOrAll() + ", but has " + values.size() + ".",
          "");
      return List.of();
    }
    if (!allAtLeast(kind.range(), attribute, values, minimum)) {
      return List.of();
    }
    return values.size() == axes ? values : Collections.nCopies(axes, values.get(0));
  }

  /** The values of a spatial attribute as they are written. */
  public List<Integer> values(Spatial spatial, String attribute) {
    return spatial == Spatial.ONE
        ? List.of(declaration.attributes().integer(attribute))
        : declaration.attributes().integers(attribute);
  }

  /** A note at an attribute {@code bias} that training cancels in the layer behind. */
  public void unusedBias(Problem problem, PlacedLayer self) {
    if (!self.hasOneReader()) {
      return;
    }
    PlacedLayer reader = self.readers().get(0);
    if (reader.layer().cancelsBias()) {
      report(
          problem,
          "bias",
          "its bias has no effect in training: "
              + reader.declaration().name()
              + " behind it, a @"
              + reader.declaration().annotation()
              + ", subtracts the mean of every channel.",
          List.of(
              new Remedy("set", "bias = false", new Change.Set(declaration, "bias", false))
                  .local()),
          "");
    }
  }

  private static String below(String attribute, int minimum, int value) {
    return attribute + " must be at least " + minimum + ", but is " + value + ".";
  }
}
