package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Layer normalisation. Over the {@code M} values along the last axes of a sample, those of {@link
 * #shape}, for each place in the axes before them:
 *
 * <pre>{@code
 * mean = sum(x) / M
 * var  = sum((x - mean)^2) / M                                biased: divided by M
 * y    = (x - mean) / sqrt(var + eps) * weight + bias         weight and bias of the place in shape
 * }</pre>
 *
 * <p>Samples do not know of each other: training and evaluation are the same, whatever the batch.
 * Over a single value the output is the bias.
 *
 * <p><b>Shapes:</b> {@code [batch, ..., shape...]}: any input whose last axes are {@link #shape}.
 * The output has the shape of the input.
 *
 * <table>
 * <caption>State of the layer, which the method returns as {@code Norm}</caption>
 * <tr><th>name</th><th>kind</th><th>shape</th><th>present</th><th>initial value</th></tr>
 * <tr><td>{@code weight}</td><td>parameter</td><td>{@link #shape}</td>
 *     <td>with {@link #affine}</td><td>1</td></tr>
 * <tr><td>{@code bias}</td><td>parameter</td><td>{@link #shape}</td>
 *     <td>with {@link #affine} and {@link #bias}</td><td>0</td></tr>
 * </table>
 *
 * <p>Source: J. L. Ba, J. R. Kiros and G. E. Hinton, <i>Layer Normalization</i>, 2016.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.LayerNorm(shape, eps, elementwise_affine, bias)};
 * the state has the same names.
 *
 * <p><b>Compile-time errors:</b> {@link #shape} different from the input's last axes; {@link
 * #shape} left out where the input has more than one axis; a size below 1 in it; {@link #eps}
 * negative or not finite; {@link #bias} written without {@link #affine}.
 *
 * <pre>{@code
 * @LayerNorm Norm norm1();               // [batch, 64] -> the same
 * @LayerNorm(shape = 64) Norm norm2();   // [batch, 10, 64]: each of the ten by itself
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface LayerNorm {

  /**
   * The sizes of the last axes of the input, over which values are normalised together. Left out,
   * it is the one axis of a vector.
   *
   * @return empty by default
   */
  int[] shape() default {};

  /**
   * Added to the variance before its square root is taken, so that equal values do not divide by 0.
   * At least 0.
   *
   * @return 1e-5 by default
   */
  double eps() default 1e-5;

  /**
   * Whether the layer learns a scale, {@code weight}, and, with {@link #bias}, a shift.
   *
   * @return true by default
   */
  boolean affine() default true;

  /**
   * Whether an {@link #affine} layer learns a shift, {@code bias}, besides its scale. Has no
   * meaning without {@link #affine}.
   *
   * @return true by default
   */
  boolean bias() default true;
}
