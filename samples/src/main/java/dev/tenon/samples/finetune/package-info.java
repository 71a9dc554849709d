/**
 * Fine-tuning: what one network has learnt is the beginning of another. Imports the annotations,
 * the runtime, picocli, and the samples' data and console.
 */
package dev.tenon.samples.finetune;
