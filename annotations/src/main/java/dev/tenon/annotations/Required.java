package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An attribute that has to be written, such as {@code out} of {@link Linear}; its default means
 * nothing. Where one is missing, the network's compiler says what to write.
 *
 * <p>An attribute without a default would be missed by javac itself, but then javac calls no
 * annotation processor: beside its own error stands "cannot find symbol" wherever a generated model
 * is named.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Required {

  /** The default of a number that has to be written. */
  int MISSING = Integer.MIN_VALUE;
}
