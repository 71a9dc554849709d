package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Puts what several layers give one after the other along one axis: the channels of all branches of
 * an inception block, for example.
 *
 * <p><b>Shapes:</b> {@code [batch, 16, h, w]} and {@code [batch, 8, h, w]} give {@code [batch, 24,
 * h, w]}. All sizes but those along the axis are equal. The layer has no state; the method returns
 * {@code Layer}. What it reads, and in which order, is named by {@link From}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.cat}; {@link #axis} is its {@code dim}, with the
 * channels for a default instead of the batch.
 *
 * <p><b>Compile-time errors:</b> an {@link #axis} that is the batch or none of the inputs'; inputs
 * whose shapes differ elsewhere than along the axis; fewer than two inputs.
 *
 * <pre>{@code
 * @From({"branch1", "branch2"}) @Concat Layer both();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Concat {

  /**
   * The axis along which the inputs stand one after the other, counting the batch as axis 0;
   * negative from the end.
   *
   * @return 1 by default, the channels or features
   */
  int axis() default 1;
}
