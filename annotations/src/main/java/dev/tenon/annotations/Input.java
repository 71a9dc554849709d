package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares an input of numbers with a name of its own, for networks with several inputs. Its method
 * returns {@code Layer}, and layers read it as they read layers: the one below it without saying
 * so, others by name in a {@link From}.
 *
 * <pre>{@code
 * @Network
 * interface CarNet {
 *   @Input(11) Layer numbers();
 *   @IndexInput(3) Layer kinds();
 *   @Embedding(num = 20, dim = 4) Weighted codes();
 *   @Flatten Layer flat();
 *   @From({"numbers", "flat"}) @Concat Layer both();
 *   @Linear(out = 2) Weighted head();
 * }
 * }</pre>
 *
 * <p>The generated model takes a tensor {@code [batch, ...]} for each input, in the order in which
 * they are declared: {@code model.predict(numbers, kinds)}. A network with such inputs leaves out
 * {@link Network#input}. A block has one input, {@link Block#INPUT}, and declares none.
 *
 * <p><b>PyTorch equivalent:</b> a parameter of a {@code forward} method.
 *
 * <p><b>Compile-time errors:</b> no axis, more than four, or a size below 1; {@link Network#input}
 * as well; an input that no layer reads; an input in a block.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Input {

  /**
   * Shape of one sample, without the batch: {@code {features}}, {@code {channels, length}} or
   * {@code {channels, height, width}}. Every size is at least 1.
   *
   * @return the sizes, outermost axis first
   */
  @Required
  int[] value() default {};
}
