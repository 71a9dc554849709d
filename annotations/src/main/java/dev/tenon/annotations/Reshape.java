package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a sample other axes: the same values, in row-major order. No number changes.
 *
 * <p><b>Shapes:</b> any, {@code [batch, ...]}, to {@code [batch, a, b, ...]} with the sizes of
 * {@link #value}, which make as many values as the input has. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code x.reshape(len(x), a, b, ...)}; of a vector, {@code
 * torch.nn.Unflatten(1, (a, b, ...))}.
 *
 * <p><b>Compile-time errors:</b> no size, or more than four; a size of 0 or below -1; more than one
 * -1; sizes that make more or fewer values than the input has, or that leave no whole number for
 * -1; more values than a Java array holds.
 *
 * <pre>{@code
 * @Reshape({1, 28, 28}) Layer image(); // [batch, 784] -> [batch, 1, 28, 28]
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Reshape {

  /**
   * The sizes of an output sample, without the batch; one of them may be -1, which stands for what
   * the others leave of the input's values.
   *
   * @return one to four sizes; no default
   */
  @Required
  int[] value() default {};
}
