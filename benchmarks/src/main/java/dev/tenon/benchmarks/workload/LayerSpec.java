package dev.tenon.benchmarks.workload;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * One layer, said in a form that every contender can build from; Python reads it as JSON.
 * Parameters and running statistics are kept in lists, in the order of the layers: weight, then
 * bias; of a batch norm running mean, then running variance.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LayerSpec.Linear.class, name = "linear"),
  @JsonSubTypes.Type(value = LayerSpec.Conv2d.class, name = "conv2d"),
  @JsonSubTypes.Type(value = LayerSpec.BatchNorm.class, name = "batchnorm"),
  @JsonSubTypes.Type(value = LayerSpec.Relu.class, name = "relu"),
  @JsonSubTypes.Type(value = LayerSpec.MaxPool2d.class, name = "maxpool2d"),
  @JsonSubTypes.Type(value = LayerSpec.Flatten.class, name = "flatten"),
})
public sealed interface LayerSpec {
  /** Every feature from every other; weight [out, in], bias [out]. */
  record Linear(int in, int out) implements LayerSpec {}

  /** Stride 1; weight [out, in, kernel, kernel], bias [out] or none. */
  record Conv2d(int in, int out, int kernel, int padding, boolean bias) implements LayerSpec {}

  /** Over axis 1, whatever lies behind it; weight, bias and running statistics [channels]. */
  record BatchNorm(int channels) implements LayerSpec {
    /** Everybody's default, as the momentum of 0.1 is. */
    public static final double EPS = 1e-5;
  }

  /** The larger of 0 and x. */
  record Relu() implements LayerSpec {}

  /** The largest of a window; the stride is the window's size. */
  record MaxPool2d(int kernel) implements LayerSpec {}

  /** Maps to features. */
  record Flatten() implements LayerSpec {}
}
