package dev.tenon.processor.layers.common;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/** What layers that join several values have in common. */
public final class Joins {
  private Joins() {}

  /** Whether all inputs have one shape; reports the first that has another. */
  public static boolean haveOneShape(
      Problem problem, LayerDeclaration declaration, List<Shape> inputs, Report report) {
    for (int i = 1; i < inputs.size(); i++) {
      if (!inputs.get(i).equals(inputs.get(0))) {
        report(
            problem,
            declaration,
            i,
            inputs,
            "but its inputs must have one shape.",
            List.of(),
            "Bring one to the shape of the other, such as by a convolution with kernel = 1 for the"
                + " channels and a stride for the sizes; nothing is repeated to make shapes fit.",
            report);
        return false;
      }
    }
    return true;
  }

  /**
   * Reports that an input does not go with the first one.
   *
   * @param what ends the sentence that names both with their shapes
   */
  public static void report(
      Problem problem,
      LayerDeclaration declaration,
      int input,
      List<Shape> inputs,
      String what,
      List<Remedy> remedies,
      String advice,
      Report report) {
    List<String> names = declaration.sources();
    report.add(
        problem,
        declaration.from().orElseThrow().ref().at("value", input),
        declaration.subject()
            + ": "
            + names.get(0)
            + " gives "
            + inputs.get(0)
            + " and "
            + names.get(input)
            + " gives "
            + inputs.get(input)
            + ", "
            + what,
        remedies,
        advice);
  }
}
