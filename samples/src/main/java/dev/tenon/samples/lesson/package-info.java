/**
 * Batch normalisation in five minutes, with every number printed. Imports the annotations, the
 * runtime, picocli, and javac's public interface.
 */
package dev.tenon.samples.lesson;
