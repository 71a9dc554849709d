/**
 * The main sample: a convolutional network with batch norm learns to read handwritten digits.
 * Imports the annotations, the runtime, picocli, and the samples' data and console.
 */
package dev.tenon.samples.digits;
