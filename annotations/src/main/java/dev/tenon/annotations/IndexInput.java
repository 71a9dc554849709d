package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares an input of whole numbers, the indices that an {@code @Embedding} looks up: categories,
 * words, users. Apart from that, it is as an {@link Input}.
 *
 * <pre>{@code
 * @IndexInput Layer city();          // one index per sample: an int32 tensor [batch]
 * @Embedding(num = 300, dim = 8) Weighted cityCode();
 * }</pre>
 *
 * <p>An index outside {@code [0, num)} of an embedding that reads it is an exception of the call,
 * before anything changes. Indices have no gradient.
 *
 * <p><b>PyTorch equivalent:</b> a tensor of integers that goes to an {@code nn.Embedding}.
 *
 * <p><b>Compile-time errors:</b> more than three axes, or a size below 1; a layer that reads it and
 * is no embedding; those of {@link Input}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface IndexInput {

  /**
   * Shape of one sample, without the batch: none for one index per sample, {@code {n}} for n of
   * them. Every size is at least 1.
   *
   * @return the sizes, outermost axis first; none by default
   */
  int[] value() default {};
}
