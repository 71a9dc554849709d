/**
 * What a model remembers: {@link dev.tenon.runtime.state.State} with its parameters, running
 * statistics and counters, how it is loaded, and the sections of a checkpoint. Imports the JDK,
 * {@code dev.tenon.runtime}, its {@code init}, {@code math} and {@code text}, and {@code
 * internal.layout}.
 */
package dev.tenon.runtime.state;
