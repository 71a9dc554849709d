package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the layers that a layer reads. Without it, a layer reads the layer, or the declared input,
 * above it; the first one, the network's input.
 *
 * <pre>{@code
 * @ReLU Layer relu1();
 * @Conv2d(out = 16, kernel = 3, padding = 1, bias = false) Weighted conv2();
 * @BatchNorm2d BatchNorm bn2();
 * @From({"bn2", "relu1"}) @Add Layer add();
 * @ReLU Layer relu2();
 * }</pre>
 *
 * <p>A layer reads layers that stand above it, never below, so source order is the order in which
 * layers run and no network has a cycle. Any number of layers may read one layer; its gradient is
 * the sum of what they give, added in the order in which they stand.
 *
 * <p>{@link Add}, {@link Multiply} and {@link Concat} read two layers or more; all other layers
 * read one. Which layers go where is written with names, and names are checked: javac says when
 * there is no such layer.
 *
 * <p><b>PyTorch equivalent:</b> the local variables of a {@code forward} method.
 *
 * <p><b>Compile-time errors:</b> a name that no layer has; a layer that stands below, or the layer
 * itself; more or fewer names than the layer reads; a layer that nobody reads and that is not the
 * network's output.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface From {

  /**
   * Names of the layers, in the order in which the layer takes them; {@link Network#INPUT} for the
   * network's input, the name of one that {@link Input} or {@link IndexInput} declares, or of a
   * component of the features.
   *
   * @return one name, or for a layer that joins, two or more
   */
  @Required
  String[] value() default {};
}
