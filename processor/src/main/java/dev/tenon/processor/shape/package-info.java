/**
 * {@link dev.tenon.processor.shape.Shape}: the sizes of a value that flows between layers, without
 * the batch. Imports the JDK only.
 */
package dev.tenon.processor.shape;
