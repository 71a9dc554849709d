package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The mean of each channel over all its spatial axes.
 *
 * <p><b>Shapes:</b> {@code [batch, channels, length]}, {@code [batch, channels, height, width]} or
 * {@code [batch, channels, depth, height, width]} to {@code [batch, channels]}: the spatial axes
 * are gone, so that a {@link Linear} can follow without a {@link Flatten}. The layer has no options
 * and no state; the method returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.AdaptiveAvgPool2d(1)} (or {@code 1d} or {@code 3d})
 * followed by {@code torch.nn.Flatten()}.
 *
 * <p><b>Compile-time errors:</b> an input without a spatial axis, that is, {@code [features]}.
 *
 * <pre>{@code
 * @GlobalAvgPool Layer pool(); // [batch, 64, 8, 8] -> [batch, 64]
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface GlobalAvgPool {}
