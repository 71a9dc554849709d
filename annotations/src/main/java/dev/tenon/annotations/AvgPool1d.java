package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The average of each window of a sequence, channel by channel: the sum of the window's elements,
 * padding being 0, over a divisor. The divisor is the number of the window's elements on the
 * sequence and its padding, or, without {@link #countIncludePad}, on the sequence alone; {@link
 * #divisorOverride} replaces it.
 *
 * <p><b>Shapes:</b> {@code [batch, channels, length]} to {@code [batch, channels, length']}, where
 *
 * <pre>{@code
 * length' = floor((length + 2 * padding - kernel) / stride) + 1
 * }</pre>
 *
 * <p>With {@link #ceilMode} the division is rounded up, and a last window that would start after
 * the sequence and its leading padding is left out: {@code length'} is one less if {@code (length'
 * - 1) * stride >= length + padding}.
 *
 * <p>The layer has no state; the method returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.AvgPool1d}.
 *
 * <p><b>Compile-time errors:</b> an input that is not {@code [channels, length]}; {@link #kernel}
 * below 1; a negative {@link #stride}; a negative {@link #padding}, or one above half the kernel; a
 * negative {@link #divisorOverride}; a sequence that is smaller, with its padding, than the kernel.
 *
 * <pre>{@code
 * @AvgPool1d(kernel = 2) Layer pool1(); // [batch, 16, 32] -> [batch, 16, 16]
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface AvgPool1d {

  /**
   * Length of the window, at least 1.
   *
   * @return the length of the window
   */
  @Required
  int kernel() default Required.MISSING;

  /**
   * Distance between neighbouring windows, in elements of the input, at least 1.
   *
   * @return 0, which means {@link #kernel}, by default
   */
  int stride() default 0;

  /**
   * Zeros added on each of the two sides, from 0 to half the kernel.
   *
   * @return 0 by default
   */
  int padding() default 0;

  /**
   * Whether a last window that only partly lies on the sequence counts.
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
