package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The largest value of each window of a sequence, channel by channel. Padding counts as minus
 * infinity. A NaN wins over any number. The gradient of an output goes to one element of its
 * window: the last NaN if there is one, else the first of the largest values in order.
 *
 * <p><b>Shapes:</b> {@code [batch, channels, length]} to {@code [batch, channels, length']}, where
 *
 * <pre>{@code
 * length' = floor((length + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
 * }</pre>
 *
 * <p>With {@link #ceilMode} the division is rounded up, and a last window that would start after
 * the sequence and its leading padding is left out: {@code length'} is one less if {@code (length'
 * - 1) * stride >= length + padding}.
 *
 * <p>The layer has no state; the method returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.MaxPool1d}.
 *
 * <p><b>Compile-time errors:</b> an input that is not {@code [channels, length]}; {@link #kernel}
 * or {@link #dilation} below 1; a negative {@link #stride}; a negative {@link #padding}, or one
 * above half the dilated kernel of {@code dilation * (kernel - 1) + 1}; a sequence that is smaller,
 * with its padding, than the dilated kernel.
 *
 * <pre>{@code
 * @MaxPool1d(kernel = 2) Layer pool1(); // [batch, 16, 32] -> [batch, 16, 16]
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface MaxPool1d {

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
   * Elements of minus infinity added on each of the two sides, from 0 to half the dilated kernel.
   *
   * @return 0 by default
   */
  int padding() default 0;

  /**
   * Distance between neighbouring elements of a window, in elements of the input, at least 1.
   *
   * @return 1 by default
   */
  int dilation() default 1;

  /**
   * Whether a last window that only partly lies on the sequence counts.
   *
   * @return false by default
   */
  boolean ceilMode() default false;
}
