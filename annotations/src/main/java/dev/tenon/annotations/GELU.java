package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * {@code x} times the probability that a normal variable is below it, element by element: {@code y
 * = x P(x)} with {@code P(x) = (1 + erf(x / sqrt(2))) / 2}. A NaN stays a NaN. The gradient is
 * {@code P(x) + x e^(-x x / 2) / sqrt(2 pi)}.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p>Source: D. Hendrycks, K. Gimpel, <i>Gaussian Error Linear Units</i>, 2016.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.GELU}.
 *
 * <p><b>Compile-time errors:</b> none of its own.
 *
 * <pre>{@code
 * @GELU Layer act();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface GELU {

  /**
   * Whether to compute {@code x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2} instead; PyTorch's
   * {@code approximate="tanh"}.
   *
   * @return false by default
   */
  boolean approximate() default false;
}
