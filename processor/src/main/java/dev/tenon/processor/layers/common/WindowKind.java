package dev.tenon.processor.layers.common;

import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.shape.Shape;

/**
 * Which of the layers with a sliding window: a family, such as {@code Conv}, and how many axes the
 * window slides along. Everything that messages and problems call it follows from the two.
 *
 * @param family the annotation's name without its {@code 2d}
 * @param spatial the axes
 */
public record WindowKind(String family, Spatial spatial) {
  /** Simple name of the annotation: {@code Conv2d}. */
  public String annotation() {
    return family + spatial.suffix();
  }

  /** An error of this layer: {@code Conv2dGroups} for {@code Groups}. */
  public Problem error(String what) {
    return Problem.error(annotation() + what);
  }

  /** A number below what it may be. */
  public Problem range() {
    return error("Range");
  }

  /** Neither one value nor one for each axis; a single axis leaves no room for it. */
  public Problem values() {
    return error("Values");
  }

  /** The input has another number of axes. */
  public Problem rank() {
    return error("Rank");
  }

  /** The kernel is larger than the padded input. */
  public Problem kernel() {
    return error("Kernel");
  }

  /** A size that an int does not hold. */
  public Problem size() {
    return error("Size");
  }

  /** Reports an input with another number of axes, and names the annotation that takes it. */
  public boolean takes(Checks checks, Shape input, String remedyForVectors) {
    if (spatial.takes(input)) {
      return true;
    }
    checks.report(
        rank(),
        "",
        "works on "
            + spatial.works()
            + ", but its input is "
            + input
            + (input.rank() == 1
                ? ", a vector of features."
                : ", which has " + input.rank() + " axes."),
        input.rank() == 1
            ? remedyForVectors
            : Spatial.of(input).map(other -> "Use @" + family + other.suffix() + ".").orElse(""));
    return false;
  }
}
