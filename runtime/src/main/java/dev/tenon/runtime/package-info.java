/**
 * What a compiled network is made of at run time: {@link dev.tenon.runtime.Tensor}, the flat {@link
 * dev.tenon.runtime.State} with its parameters, running statistics and counters, typed views of a
 * layer's state, and {@link dev.tenon.runtime.Model} itself. Imports the JDK, {@code
 * dev.tenon.runtime.init}, {@code dev.tenon.runtime.random} and {@code dev.tenon.runtime.text}
 * only; losses, optimisers, files and the trainer build on this package, never the other way round.
 */
package dev.tenon.runtime;
