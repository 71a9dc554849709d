package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Instance normalisation of sequences. Per sample and channel, over its {@code M = length} values:
 *
 * <pre>{@code
 * mean = sum(x) / M
 * var  = sum((x - mean)^2) / M                                biased: divided by M
 * y    = (x - mean) / sqrt(var + eps) * weight + bias
 * }</pre>
 *
 * <p>Training and evaluation are the same, unless {@link #trackRunningStats} is on. Training then
 * moves the running statistics, by the averages over the samples of a batch:
 *
 * <pre>{@code
 * running_mean = (1 - momentum) * running_mean + momentum * average of mean
 * running_var  = (1 - momentum) * running_var
 *                + momentum * average of var * M / (M - 1)                        unbiased
 * }</pre>
 *
 * <p>Evaluation puts them in place of {@code mean} and {@code var} and changes nothing, and a layer
 * frozen at run time does so in training too.
 *
 * <p><b>Shapes:</b> {@code [batch, channels, length]}. The output has the shape of the input.
 *
 * <table>
 * <caption>State of the layer, which the method returns as {@code InstanceNorm}; shape of all but
 * the last: {@code [channels]}. By default there is none.</caption>
 * <tr><th>name</th><th>kind</th><th>present</th><th>initial value</th></tr>
 * <tr><td>{@code weight}</td><td>parameter</td><td>with {@link #affine}</td><td>1</td></tr>
 * <tr><td>{@code bias}</td><td>parameter</td>
 *     <td>with {@link #affine} and {@link #bias}</td><td>0</td></tr>
 * <tr><td>{@code running_mean}</td><td>running statistic</td>
 *     <td>with {@link #trackRunningStats}</td><td>0</td></tr>
 * <tr><td>{@code running_var}</td><td>running statistic</td>
 *     <td>with {@link #trackRunningStats}</td><td>1</td></tr>
 * <tr><td>{@code num_batches_tracked}</td><td>counter, scalar, 64-bit integer</td>
 *     <td>with {@link #trackRunningStats}</td><td>0, and stays so, as in PyTorch</td></tr>
 * </table>
 *
 * <p>Source: D. Ulyanov, A. Vedaldi and V. Lempitsky, <i>Instance Normalization: The Missing
 * Ingredient for Fast Stylization</i>, 2016.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.InstanceNorm1d}; the state has the same names.
 *
 * <p><b>Compile-time errors:</b> an input that is not {@code [channels, length]} (the message names
 * the annotation that fits); one with a single position a channel, which has no mean to be
 * normalised by (PyTorch refuses it in the call); {@link #channels} written and different from the
 * incoming channels, even where the layer has no state of that size; {@link #channels} negative;
 * {@link #eps} negative or not finite; {@link #momentum} outside [0, 1]; {@link #bias} or {@link
 * #frozen} written without what it needs. A {@link #momentum} of 0.5 or more gets a warning: it
 * looks like the other convention, in which the number weighs the old value, and 0.9 there is 0.1
 * here.
 *
 * <pre>{@code
 * @InstanceNorm1d InstanceNorm norm1(); // [batch, 16, 100] -> the same
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface InstanceNorm1d {

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
   * the last batch). Has no meaning without {@link #trackRunningStats}.
   *
   * @return 0.1 by default
   */
  double momentum() default 0.1;

  /**
   * Whether the layer learns a scale, {@code weight}, and, with {@link #bias}, a shift.
   *
   * @return false by default
   */
  boolean affine() default false;

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
   * @return false by default
   */
  boolean trackRunningStats() default false;

  /**
   * Whether the layer starts frozen: training then normalises by the running statistics, updates
   * nothing, and optimisers leave weight and bias as they are, until {@code unfreeze()} is called
   * on the layer's {@code InstanceNorm}. Needs {@link #trackRunningStats}.
   *
   * @return false by default
   */
  boolean frozen() default false;
}
