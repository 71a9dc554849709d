package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A fully connected layer over the last axis.
 *
 * <pre>{@code
 * y[..., o] = bias[o] + sum over i of weight[o, i] * x[..., i]
 * }</pre>
 *
 * <p><b>Shapes:</b> {@code [batch, ..., in]} to {@code [batch, ..., out]}; axes between the batch
 * and the last one are kept.
 *
 * <table>
 * <caption>State of the layer, which the method returns as {@code Weighted}</caption>
 * <tr><th>name</th><th>kind</th><th>shape</th><th>present</th><th>initial value</th></tr>
 * <tr><td>{@code weight}</td><td>parameter</td><td>{@code [out, in]}</td><td>always</td>
 *     <td>uniform in ±1/√in</td></tr>
 * <tr><td>{@code bias}</td><td>parameter</td><td>{@code [out]}</td><td>with {@link #bias}</td>
 *     <td>uniform in ±1/√in</td></tr>
 * </table>
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.Linear}.
 *
 * <p><b>Compile-time errors:</b> {@link #in} written and different from the last axis of the
 * incoming shape; {@link #in} negative; {@link #out} below 1. A bias directly before a batch norm
 * is legal, but gets a note: in training the batch norm subtracts it again.
 *
 * <pre>{@code
 * @Linear(out = 10) Weighted head(); // [batch, 64] -> [batch, 10]
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Linear {

  /**
   * Size of the last axis of the input. Left out, or 0, it is taken from the incoming shape;
   * written, it is checked against it.
   *
   * @return 0 by default
   */
  int in() default 0;

  /**
   * Size of the last axis of the output, at least 1.
   *
   * @return the number of outputs
   */
  @Required
  int out() default Required.MISSING;

  /**
   * Whether a learnt {@code bias} is added.
   *
   * @return true by default
   */
  boolean bias() default true;
}
