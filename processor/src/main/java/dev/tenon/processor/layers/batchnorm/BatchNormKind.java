package dev.tenon.processor.layers.batchnorm;

import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.layers.norm.NormProblems;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.stream.Stream;

/** What tells the batch normalisations apart: names, ranks, and with the names the problems. */
public enum BatchNormKind {
  /** {@code [batch, features]} or {@code [batch, features, length]}. */
  ONE(Spatial.ONE, "features", "vectors and sequences, features or features x length", 1, 2),
  /** {@code [batch, channels, height, width]}. */
  TWO(Spatial.TWO, "channels", "images, channels x height x width", 3, 3),
  /** {@code [batch, channels, depth, height, width]}. */
  THREE(Spatial.THREE, "channels", "volumes, channels x depth x height x width", 4, 4);

  /** Features straight from a layer with weights are the network's output; a warning. */
  static final Problem OUTPUT = Problem.warning("BatchNorm1dOutput");

  private final Spatial spatial;
  private final String sizeAttribute;
  private final String works;
  private final int minRank;
  private final int maxRank;

  BatchNormKind(Spatial spatial, String sizeAttribute, String works, int minRank, int maxRank) {
    this.spatial = spatial;
    this.sizeAttribute = sizeAttribute;
    this.works = works;
    this.minRank = minRank;
    this.maxRank = maxRank;
  }

  public String annotation() {
    return "BatchNorm" + spatial.suffix();
  }

  /** The axes behind the channels, of which vectors have none. */
  Spatial spatial() {
    return spatial;
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

  /** The input has the wrong number of axes. */
  public Problem rank() {
    return new NormProblems(annotation()).rank();
  }

  public List<Problem> problems() {
    NormProblems own = new NormProblems(annotation());
    List<Problem> all =
        List.of(
            own.range(),
            own.eps(),
            own.momentum(),
            own.momentumConvention(),
            own.cumulative(),
            own.bias(),
            own.frozen(),
            own.size(sizeAttribute),
            own.rank());
    // Images are features for whoever reads on; only vectors are scores or values.
    return this == ONE ? Stream.concat(all.stream(), Stream.of(OUTPUT)).toList() : all;
  }
}
