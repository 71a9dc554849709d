package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Averages volumes over as many bins as it is told to give: along each axis, bin {@code i} of
 * {@code O} has the elements from {@code floor(i I / O)} to {@code ceil((i + 1) I / O)} of {@code
 * I}. Bins overlap where O does not divide I.
 *
 * <p><b>Shapes:</b> {@code [batch, channels, depth, height, width]}; the output has the sizes
 * {@link #out} after the channels. The layer has no state; the method returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.AdaptiveAvgPool3d}.
 *
 * <p><b>Compile-time errors:</b> a size below 1; an input with another number of axes; a wrong
 * number of sizes; sizes whose product with the input's does not fit an int, unless they divide
 * them.
 *
 * <pre>{@code
 * @AdaptiveAvgPool3d(out = 4) Layer pool();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface AdaptiveAvgPool3d {

  /**
   * Size of the output; PyTorch's {@code output_size}.
   *
   * @return one value for depth, height and width, or {depth, height, width}; no default
   */
  @Required
  int[] out() default {};
}
