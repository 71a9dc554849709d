/**
 * What training minimises, and its derivative. Losses are immutable, keep no buffers, add up in
 * float64 and allocate nothing. Imports the JDK and {@code dev.tenon.runtime}.
 */
package dev.tenon.runtime.loss;
