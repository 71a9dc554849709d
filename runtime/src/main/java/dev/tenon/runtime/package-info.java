/**
 * Tensors: {@link dev.tenon.runtime.Tensor}, its element types, what a model says of its inputs and
 * outputs, and named tensors that a state is loaded from.
 *
 * <p>The other packages are floors above this one: {@code state} (parameters, running statistics,
 * counters), {@code layer} (typed views of a layer's state), {@code model} (what is trained and
 * asked); {@code loss}, {@code optim}, {@code schedule}, {@code train} and {@code typed}, with
 * which it is trained; {@code file}, {@code init}, {@code math}, {@code random} and {@code
 * parallel}. All of these are API. What is below {@code internal} is not.
 *
 * <p>Imports the JDK and {@code dev.tenon.runtime.internal.layout} only.
 */
package dev.tenon.runtime;
