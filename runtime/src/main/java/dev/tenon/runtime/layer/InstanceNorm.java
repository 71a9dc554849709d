package dev.tenon.runtime.layer;

import dev.tenon.runtime.state.Counter;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;

/**
 * The state of an instance normalisation; {@link TrackedNorm} and {@link Norm} have its parts. By
 * default it has none of them.
 */
public final class InstanceNorm extends TrackedNorm {
  /**
   * Called by generated models. The last three are all present or all null.
   *
   * @param name path of the layer
   * @param type name of its annotation
   * @param weight the scale, or null when declared with {@code affine = false}
   * @param bias the shift, or null when declared with {@code affine = false} or {@code bias =
   *     false}
   * @param mean running mean, or null when declared with {@code trackRunningStats = false}
   * @param var running variance, or null likewise
   * @param count a counter that stays 0, or null likewise
   * @throws IllegalArgumentException for a bias without a weight, or some but not all of the
   *     statistics
   */
  public InstanceNorm(
      String name,
      String type,
      Parameter weight,
      Parameter bias,
      RunningStat mean,
      RunningStat var,
      Counter count) {
    super(name, type, weight, bias, mean, var, count);
  }
}
