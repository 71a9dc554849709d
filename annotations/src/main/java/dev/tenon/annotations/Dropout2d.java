package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Drops whole channels of images at random while training. Each channel of each sample becomes 0
 * with probability {@link #p} and is otherwise multiplied by {@code 1 / (1 - p)}. Neighbouring
 * pixels of a channel say much the same, so dropping single ones regularises little. Evaluation
 * passes everything on unchanged.
 *
 * <p>Which channels are dropped follows from the model's seed, the training step, the layer, the
 * sample and the channel, so a run can be repeated and the number of threads does not matter.
 *
 * <p><b>Shapes:</b> images, {@code [batch, channels, height, width]}; the output has the shape of
 * the input. The layer has no state; the method returns {@code Layer}.
 *
 * <p>Source: J. Tompson et al., <i>Efficient Object Localization Using Convolutional Networks</i>,
 * CVPR 2015.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.Dropout2d}.
 *
 * <p><b>Compile-time errors:</b> {@link #p} outside [0, 1] or NaN; an input that is no image.
 *
 * <pre>{@code
 * @Dropout2d(p = 0.2) Layer drop();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Dropout2d {

  /**
   * Probability with which a channel is dropped, from 0 (none is) to 1 (all are).
   *
   * @return 0.5 by default
   */
  double p() default 0.5;
}
