package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Two-dimensional transposed convolution: the gradient of a {@link Conv2d} by its input as a layer.
 * With a stride it makes images larger.
 *
 * <p>With {@code K} output and {@code C} input channels in a group, stride S, dilation D and
 * padding P, every input element adds to the outputs of its window:
 *
 * <pre>
 * y[n, g*K+k, i*S + r*D - P, j*S + s*D - P] += x[n, g*C+c, i, j] * weight[g*C+c, k, r, s]
 * </pre>
 *
 * <p>and to all of that {@code bias[g*K+k]}. What falls outside the output is dropped.
 *
 * <p><b>Shapes:</b> {@code [batch, in, height, width]} to {@code [batch, out, height', width']}
 * with {@code size' = (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding +
 * 1}. State: {@code weight} {@code [in, out / groups, kernel height, kernel width]} and, with
 * {@link #bias}, {@code bias} {@code [out]}, all uniform within one over the root of {@code out /
 * groups * kernel height * kernel width} at first. The method returns {@code Weighted}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.ConvTranspose2d}.
 *
 * <p><b>Compile-time errors:</b> an input that is not {@code [channels, height, width]}; {@link
 * #in} written and different from the incoming channels; {@link #in} or {@link #out} not divisible
 * by {@link #groups}; numbers below 1, or below 0 for the paddings; {@link #outputPadding} neither
 * below {@link #stride} nor below {@link #dilation}; neither one nor two values for two axes; an
 * output without elements. A bias directly before a batch norm gets a note.
 *
 * <pre>{@code
 * @ConvTranspose2d(out = 8, kernel = 2, stride = 2) Weighted up();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface ConvTranspose2d {

  /**
   * Number of input channels.
   *
   * @return 0, the default, takes it from the input
   */
  int in() default 0;

  /**
   * Number of output channels.
   *
   * @return at least 1, divisible by {@link #groups}; no default
   */
  @Required
  int out() default Required.MISSING;

  /**
   * Size of the kernel, at least 1.
   *
   * @return one value for height and width, or {height, width}; no default
   */
  @Required
  int[] kernel() default {};

  /**
   * Distance between the windows of neighbouring inputs, at least 1.
   *
   * @return one value for height and width, or {height, width}; 1 by default
   */
  int[] stride() default 1;

  /**
   * Elements that are taken away on each side of the output, at least 0.
   *
   * @return one value for height and width, or {height, width}; 0 by default
   */
  int[] padding() default 0;

  /**
   * Elements that are added after the output, for a convolution of this stride has inputs of
   * several sizes that give the same output. At least 0, below the larger of {@link #stride} and
   * {@link #dilation}.
   *
   * @return one value for height and width, or {height, width}; 0 by default
   */
  int[] outputPadding() default 0;

  /**
   * Distance between the kernel's elements, at least 1.
   *
   * @return one value for height and width, or {height, width}; 1 by default
   */
  int[] dilation() default 1;

  /**
   * Number of groups; the input channels of a group reach its own output channels only.
   *
   * @return at least 1, divides {@link #in} and {@link #out}; 1 by default
   */
  int groups() default 1;

  /**
   * Whether a learnt bias is added.
   *
   * @return true by default
   */
  boolean bias() default true;
}
