package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Batch normalisation of images. Per channel, over its {@code M = batch * height * width} values in
 * the batch:
 *
 * <pre>{@code
 * mean = sum(x) / M
 * var  = sum((x - mean)^2) / M                                biased: divided by M
 * y    = (x - mean) / sqrt(var + eps) * weight + bias
 * }</pre>
 *
 * <p>Training normalises by the batch, as above, and then moves the running statistics:
 *
 * <pre>{@code
 * running_mean = (1 - momentum) * running_mean + momentum * mean
 * running_var  = (1 - momentum) * running_var  + momentum * var * M / (M - 1)     unbiased
 * }</pre>
 *
 * <p>Evaluation puts {@code running_mean} and {@code running_var} in place of {@code mean} and
 * {@code var} and changes nothing. Without {@link #trackRunningStats} evaluation uses the batch at
 * hand, as training does. A layer that is frozen, here ({@link #frozen}) or at run time, uses its
 * running statistics in training too.
 *
 * <p><b>Shapes:</b> {@code [batch, channels, height, width]}. The output has the shape of the
 * input.
 *
 * <table>
 * <caption>State of the layer, which the method returns as {@code BatchNorm}; shape of all but the
 * last: {@code [channels]}</caption>
 * <tr><th>name</th><th>kind</th><th>present</th><th>initial value</th></tr>
 * <tr><td>{@code weight}</td><td>parameter</td><td>with {@link #affine}</td><td>1</td></tr>
 * <tr><td>{@code bias}</td><td>parameter</td>
 *     <td>with {@link #affine} and {@link #bias}</td><td>0</td></tr>
 * <tr><td>{@code running_mean}</td><td>running statistic</td>
 *     <td>with {@link #trackRunningStats}</td><td>0</td></tr>
 * <tr><td>{@code running_var}</td><td>running statistic</td>
 *     <td>with {@link #trackRunningStats}</td><td>1</td></tr>
 * <tr><td>{@code num_batches_tracked}</td><td>counter, scalar, 64-bit integer</td>
 *     <td>with {@link #trackRunningStats}</td><td>0</td></tr>
 * </table>
 *
 * <p>Source: S. Ioffe and C. Szegedy, <i>Batch Normalization: Accelerating Deep Network Training by
 * Reducing Internal Covariate Shift</i>, ICML 2015.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.BatchNorm2d}; the state has the same names. {@code
 * cumulative = true} is its {@code momentum=None}.
 *
 * <p><b>Compile-time errors:</b> an input that is not {@code [channels, height, width]} (the
 * message names the annotation that fits); {@link #channels} written and different from the
 * incoming channels, even where the layer has no state of that size; {@link #channels} negative;
 * {@link #eps} negative or not finite; {@link #momentum} outside [0, 1], or written beside {@link
 * #cumulative}; {@link #bias} written without {@link #affine}; {@link #frozen} without {@link
 * #trackRunningStats}. A {@link #momentum} of 0.5 or more gets a warning: it looks like the other
 * convention, in which the number weighs the old value, and 0.9 there is 0.1 here.
 *
 * <p><b>Run-time errors:</b> a batch with one value per channel wherever batch statistics are
 * needed ({@code IllegalArgumentException}; nothing has changed then).
 *
 * <pre>{@code
 * @BatchNorm2d(channels = 16) BatchNorm bn1(); // [batch, 16, 32, 32] -> the same
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface BatchNorm2d {

  /**
   * Size of axis 1 of the input, counting the batch as axis 0. Left out, or 0, it is taken from the
   * incoming shape; written, it is checked against it.
   *
   * @return 0 by default
   */
  int channels() default 0;

  /**
   * Added to the variance before its square root is taken, so that a constant channel does not
   * divide by 0. At least 0.
   *
   * @return 1e-5 by default
   */
  double eps() default 1e-5;

  /**
   * Weight of the new batch in the running statistics, from 0 (they never move) to 1 (they equal
   * the last batch). Has no meaning with {@link #cumulative}.
   *
   * @return 0.1 by default
   */
  double momentum() default 0.1;

  /**
   * Whether the running statistics are the plain average over all batches so far: the weight of the
   * new batch is then 1 / {@code num_batches_tracked}, counting that batch, instead of {@link
   * #momentum}.
   *
   * @return false by default
   */
  boolean cumulative() default false;

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

  /**
   * Whether running statistics are kept, for evaluation.
   *
   * @return true by default
   */
  boolean trackRunningStats() default true;

  /**
   * Whether the layer starts frozen: training then normalises by the running statistics, updates
   * nothing, and optimisers leave weight and bias as they are, until {@code unfreeze()} is called
   * on the layer's {@code BatchNorm}. Needs {@code trackRunningStats}.
   *
   * @return false by default
   */
  boolean frozen() default false;
}
