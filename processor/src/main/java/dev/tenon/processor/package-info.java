/**
 * The annotation processor: {@link dev.tenon.processor.TenonProcessor} reads networks and writes
 * sources, {@link dev.tenon.processor.NetworkCompiler} lists the steps between. May import every
 * package below it; of the compiler's types, only {@code TenonProcessor} does.
 */
package dev.tenon.processor;
