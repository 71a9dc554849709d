package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A sigmoid made of three lines, element by element: {@code y = min(max(x + 3, 0), 6) / 6}. A NaN
 * stays a NaN. The gradient is 1/6 where {@code -3 < x < 3}, and 0 elsewhere, also at a NaN.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.Hardsigmoid}.
 *
 * <p><b>Compile-time errors:</b> none of its own.
 *
 * <pre>{@code
 * @Hardsigmoid Layer gate();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Hardsigmoid {}
