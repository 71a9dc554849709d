/**
 * Internal: the threads that share the steps of a model, and the model's side of a batch in several
 * pieces. {@link dev.tenon.runtime.internal.parallel.WorkerPool} splits a step over the cores and
 * does not change a bit of a result by the number of threads. It may change with any version:
 * generated code and the runtime of one version belong together. Imports the JDK and {@code
 * dev.tenon.runtime.model}.
 */
package dev.tenon.runtime.internal.parallel;
