/**
 * One batch in several pieces, which run on threads of this process, one after the other, or on
 * several machines; what a batch normalisation measures and what flows back is that of the whole
 * batch, and the number of threads does not change a bit of a result. Imports the JDK, {@code
 * dev.tenon.runtime}, its {@code state}, {@code layer} and {@code model}, and {@code internal}'s
 * {@code call} and {@code parallel}.
 */
package dev.tenon.runtime.parallel;
