package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Turns each slice along an axis into logarithms of probabilities: {@code y = x - max - log sum
 * e^(x - max)}, maximum and sum over the slice. A slice with a NaN, and one of only {@code -inf},
 * becomes NaN. The gradient is {@code dx = dy - e^y sum dy}.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.LogSoftmax(dim)}.
 *
 * <p><b>Compile-time errors:</b> {@link #axis} the batch's, or one that the input does not have.
 *
 * <pre>{@code
 * @LogSoftmax(axis = 1) Layer logs();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface LogSoftmax {

  /**
   * The axis that slices run along, numbered as in PyTorch: 0 would be the batch, 1 is the first
   * axis of a sample (features or channels), negative numbers count from the end. PyTorch's {@code
   * dim}.
   *
   * @return no default
   */
  @Required
  int axis() default Required.MISSING;
}
