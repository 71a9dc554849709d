/**
 * The smallest sample on real data: four measurements of a flower to its species. Imports the
 * annotations, the runtime, picocli, and the samples' data and console.
 */
package dev.tenon.samples.iris;
