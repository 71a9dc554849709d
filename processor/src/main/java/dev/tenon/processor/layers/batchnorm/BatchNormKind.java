package dev.tenon.processor.layers.batchnorm;

import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/** What tells the batch normalisations apart: names, ranks, and with the names the problems. */
public enum BatchNormKind {
  /** {@code [batch, features]} or {@code [batch, features, length]}. */
  ONE("BatchNorm1d", "features", "vectors and sequences, features or features x length", 1, 2),
  /** {@code [batch, channels, height, width]}. */
  TWO("BatchNorm2d", "channels", "images, channels x height x width", 3, 3),
  /** {@code [batch, channels, depth, height, width]}. */
  THREE("BatchNorm3d", "channels", "volumes, channels x depth x height x width", 4, 4);

  private final String annotation;
  private final String sizeAttribute;
  private final String works;
  private final int minRank;
  private final int maxRank;

  BatchNormKind(String annotation, String sizeAttribute, String works, int minRank, int maxRank) {
    this.annotation = annotation;
    this.sizeAttribute = sizeAttribute;
    this.works = works;
    this.minRank = minRank;
    this.maxRank = maxRank;
  }

  public String annotation() {
    return annotation;
  }

  /** {@code features} or {@code channels}. */
  public String sizeAttribute() {
    return sizeAttribute;
  }

  /** What it works on, in words. */
  public String works() {
    return works;
  }

  /** Whether an input of this shape has the right number of axes. */
  public boolean takes(Shape input) {
    return input.rank() >= minRank && input.rank() <= maxRank;
  }

  /** The size attribute is negative. */
  public Problem range() {
    return Problem.error(annotation + "Range");
  }

  /** {@code eps} is negative or not finite. */
  public Problem eps() {
    return Problem.error(annotation + "Eps");
  }

  /** {@code momentum} is outside [0, 1]. */
  public Problem momentum() {
    return Problem.error(annotation + "Momentum");
  }

  /** {@code momentum} looks like the weight of the old value; a warning. */
  public Problem momentumConvention() {
    return Problem.warning(annotation + "MomentumConvention");
  }

  /** {@code momentum} written beside {@code cumulative = true}, which does not use it. */
  public Problem cumulative() {
    return Problem.error(annotation + "Cumulative");
  }

  /** {@code bias = true} written beside {@code affine = false}, which learns nothing. */
  public Problem bias() {
    return Problem.error(annotation + "Bias");
  }

  /** {@code frozen = true} beside {@code trackRunningStats = false}. */
  public Problem frozen() {
    return Problem.error(annotation + "Frozen");
  }

  /** The size attribute is not the size of the input's axis 1. */
  public Problem size() {
    String attribute = Character.toUpperCase(sizeAttribute.charAt(0)) + sizeAttribute.substring(1);
    return Problem.error(annotation + attribute);
  }

  /** The input has the wrong number of axes. */
  public Problem rank() {
    return Problem.error(annotation + "Rank");
  }

  public List<Problem> problems() {
    return List.of(
        range(),
        eps(),
        momentum(),
        momentumConvention(),
        cumulative(),
        bias(),
        frozen(),
        size(),
        rank());
  }
}
