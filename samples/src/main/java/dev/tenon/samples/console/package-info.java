/**
 * What the samples share towards the terminal. Imports the runtime, picocli and the progress bar.
 */
package dev.tenon.samples.console;
