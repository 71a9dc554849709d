package dev.tenon.benchmarks.workload;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.stream.Stream;

/**
 * One layer, said in a form that every contender can build from; Python reads it as JSON.
 * Parameters and running statistics are kept in lists, in the order of the layers: weight, then
 * bias; of a batch norm running mean, then running variance; of a residual the body's, then the
 * shortcut's.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LayerSpec.Linear.class, name = "linear"),
  @JsonSubTypes.Type(value = LayerSpec.Conv2d.class, name = "conv2d"),
  @JsonSubTypes.Type(value = LayerSpec.BatchNorm.class, name = "batchnorm"),
  @JsonSubTypes.Type(value = LayerSpec.Relu.class, name = "relu"),
  @JsonSubTypes.Type(value = LayerSpec.MaxPool2d.class, name = "maxpool2d"),
  @JsonSubTypes.Type(value = LayerSpec.GlobalAvgPool.class, name = "globalavgpool"),
  @JsonSubTypes.Type(value = LayerSpec.Flatten.class, name = "flatten"),
  @JsonSubTypes.Type(value = LayerSpec.Residual.class, name = "residual"),
})
public sealed interface LayerSpec {
  /** Every feature from every other; weight [out, in], bias [out]. */
  record Linear(int in, int out) implements LayerSpec {}

  /** Weight [out, in, kernel, kernel], bias [out] or none. */
  record Conv2d(int in, int out, int kernel, int stride, int padding, boolean bias)
      implements LayerSpec {}

  /** Over axis 1, whatever lies behind it; weight, bias and running statistics [channels]. */
  record BatchNorm(int channels) implements LayerSpec {
    /** Everybody's default, as the momentum of 0.1 is. */
    public static final double EPS = 1e-5;
  }

  /** The larger of 0 and x. */
  record Relu() implements LayerSpec {}

  /** The largest of a window; the stride is the window's size. */
  record MaxPool2d(int kernel) implements LayerSpec {}

  /** The mean of each map: maps to features. */
  record GlobalAvgPool() implements LayerSpec {}

  /** Maps to features. */
  record Flatten() implements LayerSpec {}

  /**
   * {@code body(x) + shortcut(x)}; the ReLU behind it is a layer of its own.
   *
   * @param body in the order of the data
   * @param shortcut likewise; empty for x itself
   */
  record Residual(List<LayerSpec> body, List<LayerSpec> shortcut) implements LayerSpec {}

  /** The layers with all that they are composed of in their place, in the order of the lists. */
  static Stream<LayerSpec> simple(List<LayerSpec> layers) {
    return layers.stream()
        .flatMap(
            layer ->
                layer instanceof Residual residual
                    ? Stream.concat(simple(residual.body()), simple(residual.shortcut()))
                    : Stream.of(layer));
  }
}
