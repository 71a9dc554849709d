package dev.tenon.processor.declaration;

import java.util.Optional;

/**
 * What a network's outputs mean.
 *
 * @param type the class; of a boolean, {@code java.lang.Boolean}
 * @param outputs how many values the network must give
 * @param components the record, of {@link Kind#FLAGS} and {@link Kind#NUMBERS}
 * @param isRight whether nothing about it has been reported
 */
public record Labels(
    Kind kind, JavaType type, long outputs, Optional<RecordType> components, boolean isRight) {
  /** What is predicted. */
  public enum Kind {
    /** One constant of an enum. */
    CONSTANT,
    /** True or false. */
    BOOLEAN,
    /** A record of booleans. */
    FLAGS,
    /** A record of numbers. */
    NUMBERS
  }
}
