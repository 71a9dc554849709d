package dev.tenon.processor.layers.norm;

import dev.tenon.processor.diagnostics.Problem;

/**
 * The problems that several normalisations share; each layer has them under its own name.
 *
 * @param annotation simple name of the layer's annotation
 */
public record NormProblems(String annotation) {
  private Problem error(String what) {
    return Problem.error(annotation + what);
  }

  /** A size is negative, or 0 where it cannot be left out. */
  public Problem range() {
    return error("Range");
  }

  /** {@code eps} is negative or not finite. */
  public Problem eps() {
    return error("Eps");
  }

  /** {@code momentum} is outside [0, 1]. */
  public Problem momentum() {
    return error("Momentum");
  }

  /** {@code momentum} looks like the weight of the old value; a warning. */
  public Problem momentumConvention() {
    return Problem.warning(annotation + "MomentumConvention");
  }

  /** {@code momentum} written beside {@code cumulative = true}, which does not use it. */
  public Problem cumulative() {
    return error("Cumulative");
  }

  /** {@code bias = true} written beside {@code affine = false}, which learns nothing. */
  public Problem bias() {
    return error("Bias");
  }

  /** {@code frozen = true} beside {@code trackRunningStats = false}. */
  public Problem frozen() {
    return error("Frozen");
  }

  /**
   * The size of axis 1 is written and is not the input's.
   *
   * @param attribute {@code features} or {@code channels}
   */
  public Problem size(String attribute) {
    return error(Character.toUpperCase(attribute.charAt(0)) + attribute.substring(1));
  }

  /** The input has the wrong number of axes. */
  public Problem rank() {
    return error("Rank");
  }
}
