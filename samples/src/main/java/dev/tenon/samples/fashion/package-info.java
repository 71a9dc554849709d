/**
 * A convolutional network learns what garment an image shows: Fashion-MNIST, 70,000 images that
 * must be there already. Imports the annotations, the runtime, picocli, and the samples' data and
 * console.
 */
package dev.tenon.samples.fashion;
