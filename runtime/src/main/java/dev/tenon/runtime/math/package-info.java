/**
 * The functions that activations are made of, in float and double, and those of the training loop.
 * Imports nothing but the JDK.
 */
package dev.tenon.runtime.math;
