/**
 * Threads, and one batch in several pieces. {@link dev.tenon.runtime.parallel.WorkerPool} splits
 * the steps of a model over the cores; pieces run on threads of this process, one after the other,
 * or on several machines, and what a batch normalisation measures and what flows back is that of
 * the whole batch. Neither changes a bit of a result by the number of threads. Imports the JDK and
 * {@code dev.tenon.runtime}.
 */
package dev.tenon.runtime.parallel;
