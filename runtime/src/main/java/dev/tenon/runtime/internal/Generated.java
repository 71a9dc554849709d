package dev.tenon.runtime.internal;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the types that the network compiler writes. Unlike {@code
 * javax.annotation.processing.Generated} it needs no module but this one, stays in the class file,
 * where coverage tools look for an annotation of this name, and is claimed by the processor, so
 * that {@code -Xlint:processing} has nothing to say about it.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Generated {
  /**
   * Which network it was written for.
   *
   * @return name of the annotated type in its package
   */
  String network();
}
