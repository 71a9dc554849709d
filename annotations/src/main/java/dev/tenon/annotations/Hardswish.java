package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * {@code x} times a sigmoid made of three lines, element by element: {@code y = x * min(max(x + 3,
 * 0), 6) / 6}. A NaN stays a NaN. The gradient is 0 up to -3, {@code x / 3 + 1/2} up to 3, and 1
 * beyond and at a NaN.
 *
 * <p><b>Shapes:</b> any; the output has the shape of the input. The layer has no state; the method
 * returns {@code Layer}.
 *
 * <p>Source: A. Howard et al., <i>Searching for MobileNetV3</i>, ICCV 2019.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.Hardswish}.
 *
 * <p><b>Compile-time errors:</b> none of its own.
 *
 * <pre>{@code
 * @Hardswish Layer act();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Hardswish {}
