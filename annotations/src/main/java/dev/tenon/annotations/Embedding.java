package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A learnt vector for each of {@link #num} categories: looks up the rows of a table.
 *
 * <pre>
 *     y[..., d] = weight[index[...], d]
 * </pre>
 *
 * <p>It reads an {@link IndexInput}, or an enum of the {@linkplain Network#features() features} by
 * the component's name. Indices {@code [batch]} give {@code [batch, dim]}, features that {@link
 * Concat} joins with others; indices {@code [batch, n]} give {@code [batch, n, dim]}, which {@link
 * Flatten} turns into features. An index outside {@code [0, num)} is an exception of the call,
 * before anything changes.
 *
 * <p><b>State:</b> {@code weight} of {@code [num, dim]}, at first normal with mean 0 and standard
 * deviation 1, the padding row zero. Gradients of an index that occurs several times in a batch add
 * up; the padding row's is zero.
 *
 * <p>The method returns {@code Weighted}.
 *
 * <p><b>PyTorch equivalent:</b> {@code nn.Embedding(num, dim, padding_idx)}; without {@code
 * max_norm}, {@code scale_grad_by_freq} and {@code sparse}.
 *
 * <p><b>Compile-time errors:</b> {@link #num} or {@link #dim} below 1; {@link #paddingIndex}
 * outside {@code [-num, num)}; an input of real numbers; {@link #num} left out without an enum, or
 * another number than it has constants.
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Embedding {
  /** The default of {@link #paddingIndex}: no row is padding. */
  int NO_PADDING = Integer.MAX_VALUE;

  /**
   * How many categories there are. Left out where the layer reads an enum of the features; there it
   * is the number of its constants, and written, it is checked.
   *
   * @return rows of the table, at least 1; 0 by default, which stands for the number of constants
   */
  int num() default 0;

  /**
   * How many values each category has.
   *
   * @return at least 1
   */
  @Required
  int dim() default Required.MISSING;

  /**
   * The index that stands for nothing: its row is zero at first and receives no gradient. Counts
   * from the end if it is negative.
   *
   * @return none by default
   */
  int paddingIndex() default NO_PADDING;
}
