package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says how many elements a {@code float[]} or {@code double[]} component of a record has that is a
 * network's features or labels. Each element is one value. An array of another length is an
 * exception where the record is used.
 *
 * <pre>{@code
 * record Measurement(float temperature, @Size(128) float[] spectrum) {}
 * }</pre>
 *
 * <p><b>Compile-time errors:</b> less than 1; a component that is no array of numbers.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.CLASS)
public @interface Size {

  /**
   * The length of the array.
   *
   * @return at least 1
   */
  @Required
  int value() default Required.MISSING;
}
