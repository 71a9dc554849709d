/**
 * The sample to read first: a whole program around a network, in a page. Imports the annotations
 * and the runtime.
 */
package dev.tenon.samples.first;
