package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The rectified linear unit, element by element: {@code y = x} where {@code x > 0}, else 0. A NaN
 * stays a NaN. The gradient passes where {@code x > 0} or {@code x} is NaN, and is 0 elsewhere,
 * also at 0.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no options and no
 * state; the method returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.ReLU}.
 *
 * <p><b>Compile-time errors:</b> none of its own.
 *
 * <pre>{@code
 * @ReLU Layer relu1();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface ReLU {}
