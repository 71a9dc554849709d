package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The average of each window of an image, channel by channel: the sum of the window's elements,
 * padding being 0, over a divisor. The divisor is the number of the window's elements on the image
 * and its padding, or, without {@link #countIncludePad}, on the image alone; {@link
 * #divisorOverride} replaces it.
 *
 * <p><b>Shapes:</b> {@code [batch, channels, height, width]} to {@code [batch, channels, height',
 * width']}, on each axis
 *
 * <pre>{@code
 * size' = floor((size + 2 * padding - kernel) / stride) + 1
 * }</pre>
 *
 * <p>With {@link #ceilMode} the division is rounded up, and a last window that would start after
 * the image and its leading padding is left out: {@code size'} is one less if {@code (size' - 1) *
 * stride >= size + padding}.
 *
 * <p>{@link #kernel}, {@link #stride} and {@link #padding} take one value for both axes or two,
 * <code>{height, width}</code>. The layer has no state; the method returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.AvgPool2d}.
 *
 * <p><b>Compile-time errors:</b> an input that is not {@code [channels, height, width]}; {@link
 * #kernel} or {@link #stride} below 1; a negative {@link #padding}, or one above half the kernel; a
 * negative {@link #divisorOverride}; more than two values for two axes, or none (none is the
 * default for {@link #stride}); an image that is smaller, with its padding, than the kernel.
 *
 * <pre>{@code
 * @AvgPool2d(kernel = 2) Layer pool1(); // [batch, 16, 32, 32] -> [batch, 16, 16, 16]
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface AvgPool2d {

  /**
   * Height and width of the window, each at least 1.
   *
   * @return one value for both axes, or <code>{height, width}</code>
   */
  @Required
  int[] kernel() default {};

  /**
   * Distance between neighbouring windows, in elements of the input, at least 1.
   *
   * @return one value for both axes, or <code>{height, width}</code>; empty, which means {@link
   *     #kernel}, by default
   */
  int[] stride() default {};

  /**
   * Zeros added on each of the two sides of an axis, from 0 to half the kernel.
   *
   * @return one value for both axes, or <code>{height, width}</code>; 0 by default
   */
  int[] padding() default 0;

  /**
   * Whether a last window that only partly lies on the image counts.
   *
   * @return false by default
   */
  boolean ceilMode() default false;

  /**
   * Whether elements of the padding count in the divisor. What {@link #ceilMode} adds after the
   * padding never counts.
   *
   * @return true by default
   */
  boolean countIncludePad() default true;

  /**
   * A divisor for every window, at least 1, or 0 for none.
   *
   * @return 0 by default
   */
  int divisorOverride() default 0;
}
