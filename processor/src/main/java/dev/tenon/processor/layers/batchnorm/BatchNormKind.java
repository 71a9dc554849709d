package dev.tenon.processor.layers.batchnorm;

import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/** What tells the batch normalisations apart: names, ranks, and with the names the problems. */
public enum BatchNormKind {
  /** {@code [batch, features]} or {@code [batch, features, length]}. */
  ONE("BatchNorm1d", "features", "vectors and sequences, features or features x length", 1, 2),
  /** {@code [batch, channels, height, width]}. */
  TWO("BatchNorm2d", "channels", "images, channels x height x width", 3, 3);

  private final String annotation;
  private final String sizeAttribute;
  private final String works;
  private final int minRank;
  private final int maxRank;

  /** The size attribute is negative. */
  private final Problem range;

  /** {@code eps} is negative or not finite. */
  private final Problem eps;

  /** {@code momentum} is outside [0, 1]. */
  private final Problem momentum;

  /** {@code momentum} looks like the weight of the old value; a warning. */
  private final Problem momentumConvention;

  /** {@code momentum} written beside {@code cumulative = true}, which does not use it. */
  private final Problem cumulative;

  /** {@code bias = true} written beside {@code affine = false}, which learns nothing. */
  private final Problem bias;

  /** The size attribute is not the size of the input's axis 1. */
  private final Problem size;

  /** The input has the wrong number of axes. */
  private final Problem rank;

  BatchNormKind(String annotation, String sizeAttribute, String works, int minRank, int maxRank) {
    this.annotation = annotation;
    this.sizeAttribute = sizeAttribute;
    this.works = works;
    this.minRank = minRank;
    this.maxRank = maxRank;
    range = Problem.error(annotation + "Range");
    eps = Problem.error(annotation + "Eps");
    momentum = Problem.error(annotation + "Momentum");
    momentumConvention = Problem.warning(annotation + "MomentumConvention");
    cumulative = Problem.error(annotation + "Cumulative");
    bias = Problem.error(annotation + "Bias");
    size =
        Problem.error(
            annotation
                + Character.toUpperCase(sizeAttribute.charAt(0))
                + sizeAttribute.substring(1));
    rank = Problem.error(annotation + "Rank");
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

  public Problem range() {
    return range;
  }

  public Problem eps() {
    return eps;
  }

  public Problem momentum() {
    return momentum;
  }

  public Problem momentumConvention() {
    return momentumConvention;
  }

  public Problem cumulative() {
    return cumulative;
  }

  public Problem bias() {
    return bias;
  }

  public Problem size() {
    return size;
  }

  public Problem rank() {
    return rank;
  }

  public List<Problem> problems() {
    return List.of(range, eps, momentum, momentumConvention, cumulative, bias, size, rank);
  }
}
