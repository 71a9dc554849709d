/**
 * One batch in several pieces: on threads of this process, one after the other, or on several
 * machines. What a batch normalisation measures and what flows back is that of the whole batch.
 * Imports the JDK and {@code dev.tenon.runtime}.
 */
package dev.tenon.runtime.parallel;
