package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A function of one element that you write, with its derivative: a layer of your own without a
 * change of the compiler. Generated code calls both.
 *
 * <p>Each is a static method that takes a {@code double} and returns one. If the class also has it
 * of {@code float}, a float32 network calls that. The methods must depend on their argument only
 * and change nothing: how often they are called, in which order and by which threads, is the
 * compiler's choice.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> a {@code torch.autograd.Function} of one tensor.
 *
 * <p><b>Compile-time errors:</b> a {@link #function} or {@link #derivative} that {@link #type} does
 * not have, or that the network's package may not call. Whether the derivative is right cannot be
 * checked here: compare it with difference quotients in a test.
 *
 * <pre>{@code
 * @Elementwise(type = MyMath.class, function = "swish", derivative = "swishGradient") Layer act();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Elementwise {

  /**
   * The class that has the methods.
   *
   * @return no default
   */
  @Required
  Class<?> type() default void.class;

  /**
   * Name of the function.
   *
   * @return no default
   */
  @Required
  String function() default "";

  /**
   * Name of its derivative, a function of the same argument.
   *
   * @return no default
   */
  @Required
  String derivative() default "";
}
