/**
 * What training minimises, and its derivative. Losses are immutable, keep no buffers, add up in
 * float64 and allocate nothing. Imports the JDK, {@code dev.tenon.runtime} and its {@code math}.
 */
package dev.tenon.runtime.loss;
