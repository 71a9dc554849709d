package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Places a {@link Block} into a network or another block, once or several times one after the
 * other.
 *
 * <pre>{@code
 * @Use(value = BasicBlock.class, sizes = {16, 1}, repeat = 3) List<BasicBlock> layer1();
 * @Use(value = BasicBlock.class, sizes = {32, 2}) BasicBlock layer2();
 * }</pre>
 *
 * <p>The method returns the block, whose methods are the views of its layers: {@code
 * model.layer2().bn1().runningMean()}. With {@link #repeat} above 1 it returns a {@code List} of
 * them.
 *
 * <p>Names in the state dictionary are paths: {@code layer2.bn1.weight}, and {@code
 * layer1.0.bn1.weight} of a block that is repeated; {@link Name} gives others. What reads the block
 * by its name in a {@link From} reads what its last layer gives.
 *
 * <p><b>Compile-time errors:</b> a type that is no block; more or fewer sizes than the block has; a
 * block that uses itself; {@link #repeat} below 1; another return type.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Use {

  /**
   * The block.
   *
   * @return an interface with {@link Block}
   */
  @Required
  Class<?> value() default void.class;

  /**
   * Values of the block's sizes, in the order of its constants.
   *
   * @return one number for each; none by default
   */
  int[] sizes() default {};

  /**
   * How often the block follows itself.
   *
   * @return 1 by default
   */
  int repeat() default 1;
}
