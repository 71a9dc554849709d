package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a layer, or the layers of a block, another name in the state dictionary than the method
 * has; for names that are no Java identifiers, such as those of a PyTorch model.
 *
 * <pre>{@code
 * @Name("layer2.0") @Use(value = BasicBlock.class, sizes = {32, 2}) BasicBlock first();
 * @Name("layer2.1") @Use(value = BasicBlock.class, sizes = {32, 1}, repeat = 2) List<BasicBlock> rest();
 * }</pre>
 *
 * <p>The blocks of {@code rest} are called {@code layer2.1} and {@code layer2.2}: where the name of
 * a block that is repeated ends in a number, they count from it. A {@link From} goes by the names
 * of methods.
 *
 * <p><b>Compile-time errors:</b> a name that is no path of letters, digits, underscores and dots; a
 * name that something else has.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Name {

  /**
   * The name, with dots between its parts.
   *
   * @return such as {@code layer1.0}
   */
  @Required
  String value() default "";
}
