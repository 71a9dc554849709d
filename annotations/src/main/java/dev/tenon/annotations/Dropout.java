package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Drops elements at random while training. Each element becomes 0 with probability {@link #p} and
 * is otherwise multiplied by {@code 1 / (1 - p)}, so that its expectation stays what it was.
 * Evaluation passes everything on unchanged.
 *
 * <p>Which elements are dropped follows from the model's seed, the training step, the layer and the
 * element's index, so a run can be repeated and the number of threads does not matter.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p>Source: N. Srivastava et al., <i>Dropout: A Simple Way to Prevent Neural Networks from
 * Overfitting</i>, JMLR 15 (2014).
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.Dropout}.
 *
 * <p><b>Compile-time errors:</b> {@link #p} outside [0, 1] or NaN.
 *
 * <pre>{@code
 * @Dropout(p = 0.2) Layer drop();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Dropout {

  /**
   * Probability with which an element is dropped, from 0 (none is) to 1 (all are).
   *
   * @return 0.5 by default
   */
  double p() default 0.5;
}
