package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Leaves a component of a record out of a network's features, such as a name or a number that only
 * identifies the sample. Its type may be any.
 *
 * <pre>{@code
 * record Patient(@Ignore String name, int age, boolean smoker) {}
 * }</pre>
 *
 * <p>Components of a record that is a network's {@link Network#labels} cannot be left out: a
 * prediction is such a record, and nobody could say what would stand there.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.CLASS)
public @interface Ignore {}
