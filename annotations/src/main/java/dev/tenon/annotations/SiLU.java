package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * {@code x} times its sigmoid, element by element, also known as swish: {@code y = x s} with {@code
 * s = 1 / (1 + e^-x)}. A NaN stays a NaN. The gradient is {@code s (1 + x (1 - s))}.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p>Source: S. Elfwing, E. Uchibe, K. Doya, <i>Sigmoid-Weighted Linear Units for Neural Network
 * Function Approximation in Reinforcement Learning</i>, 2017.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.SiLU}.
 *
 * <p><b>Compile-time errors:</b> none of its own.
 *
 * <pre>{@code
 * @SiLU Layer act();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface SiLU {}
