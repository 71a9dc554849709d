/**
 * Optimisers: an immutable specification says which one and with what options, {@code create} binds
 * it to a model's state. A step is a loop over flat arrays and allocates nothing. Imports the JDK,
 * {@code dev.tenon.runtime} and its {@code state}, {@code layer}, {@code model} and {@code math}.
 */
package dev.tenon.runtime.optim;
