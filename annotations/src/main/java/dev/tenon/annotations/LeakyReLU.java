package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A rectifier that lets a little of the negative side through, element by element: {@code y = x}
 * where {@code x > 0}, else {@code slope * x}. The gradient is 1 where {@code x > 0}, and the slope
 * elsewhere, also at 0 and at a NaN.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.LeakyReLU}.
 *
 * <p><b>Compile-time errors:</b> {@link #slope} infinite or NaN.
 *
 * <pre>{@code
 * @LeakyReLU(slope = 0.1) Layer relu1();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface LeakyReLU {

  /**
   * Factor of what is not positive; PyTorch's {@code negative_slope}.
   *
   * @return 0.01 by default
   */
  double slope() default 0.01;
}
