/**
 * Java types at the ends of a network: records that become rows of numbers, and outputs that become
 * enum constants, booleans and records again. Which component goes where is written by the
 * processor as plain code; what is the same for all of them is here. Imports the JDK, {@code
 * dev.tenon.runtime}, its {@code state} and {@code model}, and its losses, optimisers, schedules
 * and trainer.
 *
 * <p>What only the processor's code calls, such as {@link dev.tenon.runtime.typed.Row}, says in its
 * Javadoc that it is internal.
 */
package dev.tenon.runtime.typed;
