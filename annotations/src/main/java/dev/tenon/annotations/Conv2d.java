package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A two-dimensional convolution: cross-correlation, that is, the kernel is not flipped. With input
 * channels counted within the group of the output channel,
 *
 * <pre>{@code
 * y[n, o, i, j] = bias[o]
 *     + sum over c, u, v of weight[o, c, u, v]
 *         * x[n, c, i * stride - padding + u * dilation, j * stride - padding + v * dilation]
 * }</pre>
 *
 * where {@code x} outside the image is 0, or what {@link #paddingMode} says.
 *
 * <p><b>Shapes:</b> {@code [batch, in, height, width]} to {@code [batch, out, height', width']}, on
 * each axis
 *
 * <pre>{@code
 * size' = floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
 * }</pre>
 *
 * With {@link #SAME} padding {@code size' = size}.
 *
 * <p>{@link #kernel}, {@link #stride}, {@link #padding} and {@link #dilation} take one value for
 * both axes or two, <code>{height, width}</code>.
 *
 * <p><b>Groups.</b> Output channel {@code o} belongs to group {@code q = o / (out / groups)} and
 * reads the input channels {@code q * in / groups} up to, not including, {@code (q + 1) * in /
 * groups}. {@code groups = in} is a depthwise convolution.
 *
 * <table>
 * <caption>State of the layer, which the method returns as {@code Weighted}; fan = in / groups *
 * kernel height * kernel width</caption>
 * <tr><th>name</th><th>kind</th><th>shape</th><th>present</th><th>initial value</th></tr>
 * <tr><td>{@code weight}</td><td>parameter</td>
 *     <td>{@code [out, in / groups, kernel height, kernel width]}</td><td>always</td>
 *     <td>uniform in ±1/√fan</td></tr>
 * <tr><td>{@code bias}</td><td>parameter</td><td>{@code [out]}</td><td>with {@link #bias}</td>
 *     <td>uniform in ±1/√fan</td></tr>
 * </table>
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.Conv2d}; {@link #paddingMode} is its {@code
 * padding_mode}, {@link #SAME} its {@code padding="same"}.
 *
 * <p><b>Compile-time errors:</b> an input that is not {@code [channels, height, width]}; {@link
 * #in} written and different from the incoming channels; {@link #in} or {@link #out} not divisible
 * by {@link #groups}; {@link #out}, {@link #groups}, {@link #kernel}, {@link #stride} or {@link
 * #dilation} below 1; a negative {@link #padding} other than {@link #SAME}; {@link #SAME} together
 * with a stride above 1; neither one nor two values for two axes; an image that is smaller, with
 * its padding, than the dilated kernel of {@code dilation * (kernel - 1) + 1}; more {@link
 * #padding} than {@link #paddingMode} can make of the input. A bias directly before a batch norm is
 * legal, but gets a note: in training the batch norm subtracts it again.
 *
 * <pre>{@code
 * @Conv2d(out = 16, kernel = 3, padding = Conv2d.SAME, bias = false)
 * Weighted conv1(); // [batch, 3, 32, 32] -> [batch, 16, 32, 32]
 *
 * @Conv2d(out = 32, kernel = 3, stride = 2, padding = 1)
 * Weighted conv2(); // [batch, 16, 32, 32] -> [batch, 32, 16, 16]
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Conv2d {

  /**
   * As {@link #padding}: pad so that the output is as large as the input. Of the {@code dilation *
   * (kernel - 1)} elements an axis needs, half, rounded down, stand before the image and the rest
   * after it. Needs stride 1.
   */
  int SAME = -1;

  /**
   * Channels of the input. Left out, or 0, they are taken from the incoming shape; written, they
   * are checked against it.
   *
   * @return 0 by default
   */
  int in() default 0;

  /**
   * Channels of the output, at least 1 and divisible by {@link #groups}.
   *
   * @return the number of output channels
   */
  @Required
  int out() default Required.MISSING;

  /**
   * Height and width of the kernel, each at least 1.
   *
   * @return one value for both axes, or <code>{height, width}</code>
   */
  @Required
  int[] kernel() default {};

  /**
   * Distance between neighbouring windows, in elements of the input, at least 1.
   *
   * @return one value for both axes, or <code>{height, width}</code>; 1 by default
   */
  int[] stride() default 1;

  /**
   * Elements added on each of the two sides of an axis, at least 0, or {@link #SAME} for both axes.
   *
   * @return one value for both axes, or <code>{height, width}</code>; 0 by default
   */
  int[] padding() default 0;

  /**
   * Distance between neighbouring elements of the kernel, in elements of the input, at least 1.
   *
   * @return one value for both axes, or <code>{height, width}</code>; 1 by default
   */
  int[] dilation() default 1;

  /**
   * Number of groups into which input and output channels are divided, at least 1; each output
   * channel reads the input channels of its own group only.
   *
   * @return 1 by default
   */
  int groups() default 1;

  /**
   * Whether a learnt {@code bias} is added to each output channel.
   *
   * @return true by default
   */
  boolean bias() default true;

  /**
   * What the padding is.
   *
   * @return {@link PaddingMode#ZEROS} by default
   */
  PaddingMode paddingMode() default PaddingMode.ZEROS;
}
