package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes one axis of the axes {@link #start} to {@link #end}, both included, in row-major order. No
 * number changes.
 *
 * <p><b>Shapes:</b> with the defaults, {@code [batch, channels, height, width]} to {@code [batch,
 * channels * height * width]}. Axes count from 0, which is the batch, and negative ones from the
 * end: -1 is the last. A range of one axis changes nothing. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.Flatten}.
 *
 * <p><b>Compile-time errors:</b> {@link #start} or {@link #end} that is no axis of the incoming
 * shape; {@link #start} after {@link #end}; a range that contains the batch, axis 0, whose size is
 * not known while compiling.
 *
 * <pre>{@code
 * @Flatten Layer flat(); // [batch, 32, 4, 4] -> [batch, 512]
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Flatten {

  /**
   * The first axis to merge, counting the batch as axis 0; negative from the end.
   *
   * @return 1 by default, the first axis of a sample
   */
  int start() default 1;

  /**
   * The last axis to merge, counting the batch as axis 0; negative from the end.
   *
   * @return -1 by default, the last axis
   */
  int end() default -1;
}
