package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a layer, or the last layer of a block, an output of the network. Without any, the last
 * layer is the output; with one or more, those are, in the order in which they stand. Other layers
 * may read an output as well.
 *
 * <pre>{@code
 * @GlobalAvgPool Layer features();
 * @Output @From("features") @Linear(out = 10) Weighted classes();
 * @Output @From("features") @Linear(out = 4) Weighted box();
 * }</pre>
 *
 * <p>With several, the generated model gives them by name: {@code model.predict(image).classes()}.
 * A block has one output, its last layer, and marks none.
 *
 * <p><b>PyTorch equivalent:</b> a value that {@code forward} returns.
 *
 * <p><b>Compile-time errors:</b> on a method that is neither a layer nor a block; in a block.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Output {}
