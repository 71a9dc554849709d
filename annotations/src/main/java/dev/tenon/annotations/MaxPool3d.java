package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The largest value of each window of a volume, channel by channel. Padding counts as minus
 * infinity. A NaN wins over any number. The gradient of an output goes to one element of its
 * window: the last NaN if there is one, else the first of the largest values in row-major order.
 *
 * <p><b>Shapes:</b> {@code [batch, channels, depth, height, width]} to {@code [batch, channels,
 * depth', height', width']}, on each axis
 *
 * <pre>{@code
 * size' = floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
 * }</pre>
 *
 * <p>With {@link #ceilMode} the division is rounded up, and a last window that would start after
 * the volume and its leading padding is left out: {@code size'} is one less if {@code (size' - 1) *
 * stride >= size + padding}.
 *
 * <p>{@link #kernel}, {@link #stride}, {@link #padding} and {@link #dilation} take one value for
 * all axes or three, <code>{depth, height, width}</code>. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.MaxPool3d}.
 *
 * <p><b>Compile-time errors:</b> an input that is not {@code [channels, depth, height, width]};
 * {@link #kernel}, {@link #stride} or {@link #dilation} below 1; a negative {@link #padding}, or
 * one above half the dilated kernel of {@code dilation * (kernel - 1) + 1}; neither one nor three
 * values for three axes (none is the default for {@link #stride}); a volume that is smaller, with
 * its padding, than the dilated kernel.
 *
 * <pre>{@code
 * @MaxPool3d(kernel = 2) Layer pool1(); // [batch, 16, 16, 32, 32] -> [batch, 16, 8, 16, 16]
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface MaxPool3d {

  /**
   * Depth, height and width of the window, each at least 1.
   *
   * @return one value for all axes, or <code>{depth, height, width}</code>
   */
  @Required
  int[] kernel() default {};

  /**
   * Distance between neighbouring windows, in elements of the input, at least 1.
   *
   * @return one value for all axes, or <code>{depth, height, width}</code>; empty, which means
   *     {@link #kernel}, by default
   */
  int[] stride() default {};

  /**
   * Elements of minus infinity added on each of the two sides of an axis, from 0 to half the
   * dilated kernel.
   *
   * @return one value for all axes, or <code>{depth, height, width}</code>; 0 by default
   */
  int[] padding() default 0;

  /**
   * Distance between neighbouring elements of a window, in elements of the input, at least 1.
   *
   * @return one value for all axes, or <code>{depth, height, width}</code>; 1 by default
   */
  int[] dilation() default 1;

  /**
   * Whether a last window that only partly lies on the volume counts.
   *
   * @return false by default
   */
  boolean ceilMode() default false;
}
