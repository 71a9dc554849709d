package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Adds what several layers give, element by element: {@code y = a + b}. The way around a residual
 * block ends in one.
 *
 * <p><b>Shapes:</b> all inputs have the same shape, and the output has it too; nothing is repeated
 * to make shapes fit. The layer has no options and no state; the method returns {@code Layer}. What
 * it reads is named by {@link From}.
 *
 * <p><b>PyTorch equivalent:</b> {@code a + b} in a {@code forward} method, without broadcasting.
 *
 * <p><b>Compile-time errors:</b> inputs of different shapes; fewer than two inputs.
 *
 * <pre>{@code
 * @From({"bn2", "relu1"}) @Add Layer add();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Add {}
