package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Group normalisation. The channels of a sample are divided into {@link #groups}, neighbours
 * together. Per sample and group, over its {@code M = channels / groups * positions} values:
 *
 * <pre>{@code
 * mean = sum(x) / M
 * var  = sum((x - mean)^2) / M                                biased: divided by M
 * y    = (x - mean) / sqrt(var + eps) * weight + bias         weight and bias of the channel
 * }</pre>
 *
 * <p>Samples do not know of each other: training and evaluation are the same, whatever the batch.
 *
 * <p><b>Shapes:</b> {@code [batch, channels]}, or with any axes after the channels: {@code [batch,
 * channels, height, width]}. The output has the shape of the input.
 *
 * <table>
 * <caption>State of the layer, which the method returns as {@code Norm}</caption>
 * <tr><th>name</th><th>kind</th><th>shape</th><th>present</th><th>initial value</th></tr>
 * <tr><td>{@code weight}</td><td>parameter</td><td>{@code [channels]}</td>
 *     <td>with {@link #affine}</td><td>1</td></tr>
 * <tr><td>{@code bias}</td><td>parameter</td><td>{@code [channels]}</td>
 *     <td>with {@link #affine} and {@link #bias}</td><td>0</td></tr>
 * </table>
 *
 * <p>Source: Y. Wu and K. He, <i>Group Normalization</i>, ECCV 2018.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.GroupNorm(groups, channels, eps, affine)}; the
 * state has the same names.
 *
 * <p><b>Compile-time errors:</b> channels that cannot be divided into {@link #groups} of one size;
 * one value in a group, which has no mean to be normalised by (PyTorch refuses it in the call, and
 * only for a batch of one); {@link #channels} written and different from the incoming channels;
 * {@link #groups} below 1; {@link #channels} negative; {@link #eps} negative or not finite; {@link
 * #bias} written without {@link #affine}.
 *
 * <pre>{@code
 * @GroupNorm(groups = 4) Norm norm1(); // [batch, 16, 32, 32] -> the same, 4 channels a group
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface GroupNorm {

  /**
   * Number of groups, a divisor of the channels. One group takes a whole sample together; as many
   * groups as channels are an instance normalisation.
   *
   * @return the number of groups
   */
  @Required
  int groups() default Required.MISSING;

  /**
   * Size of axis 1 of the input, counting the batch as axis 0. Left out, or 0, it is taken from the
   * incoming shape; written, it is checked against it.
   *
   * @return 0 by default
   */
  int channels() default 0;

  /**
   * Added to the variance before its square root is taken, so that a constant group does not divide
   * by 0. At least 0.
   *
   * @return 1e-5 by default
   */
  double eps() default 1e-5;

  /**
   * Whether the layer learns a scale, {@code weight}, and, with {@link #bias}, a shift.
   *
   * @return true by default
   */
  boolean affine() default true;

  /**
   * Whether an {@link #affine} layer learns a shift, {@code bias}, besides its scale. Has no
   * meaning without {@link #affine}.
   *
   * @return true by default
   */
  boolean bias() default true;
}
