package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Clamps each element between two bounds: {@code y = min(max(x, min), max)}. A NaN stays a NaN. The
 * gradient passes where {@code min < x < max} or {@code x} is NaN, and is 0 elsewhere.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.Hardtanh}.
 *
 * <p><b>Compile-time errors:</b> {@link #min} not below {@link #max}, or either of them NaN.
 *
 * <pre>{@code
 * @Hardtanh(min = 0, max = 1) Layer clamp();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Hardtanh {

  /**
   * Lower bound; may be infinite. PyTorch's {@code min_val}.
   *
   * @return -1 by default
   */
  double min() default -1;

  /**
   * Upper bound; may be infinite. PyTorch's {@code max_val}.
   *
   * @return 1 by default
   */
  double max() default 1;
}
