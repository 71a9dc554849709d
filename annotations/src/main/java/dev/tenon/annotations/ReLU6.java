package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A rectifier with a ceiling, element by element: {@code y = min(max(x, 0), 6)}. A NaN stays a NaN.
 * The gradient passes where {@code 0 < x < 6} or {@code x} is NaN, and is 0 elsewhere.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.ReLU6}.
 *
 * <p><b>Compile-time errors:</b> none of its own.
 *
 * <pre>{@code
 * @ReLU6 Layer relu1();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface ReLU6 {}
