package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Multiplies each channel (or feature) by a learnt factor and adds a learnt shift: {@code y = x *
 * weight[c] + bias[c]}.
 *
 * <p><b>Shapes:</b> any, {@code [batch, channels, ...]}; the output has the shape of the input.
 * State: {@code weight} {@code [channels]}, all {@link #initial} at first, and, with {@link #bias},
 * {@code bias} {@code [channels]}, all 0 at first. The method returns {@code Weighted}.
 *
 * <p><b>PyTorch equivalent:</b> none; {@code x * weight + bias} with two parameters that broadcast
 * over axis 1.
 *
 * <p><b>Compile-time errors:</b> {@link #initial} infinite or NaN.
 *
 * <pre>{@code
 * @Scale(initial = 0.1) Weighted scale();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Scale {

  /**
   * What every factor starts at.
   *
   * @return 1 by default
   */
  double initial() default 1;

  /**
   * Whether a learnt shift is added.
   *
   * @return true by default
   */
  boolean bias() default true;
}
