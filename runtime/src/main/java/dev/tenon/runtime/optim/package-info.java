/**
 * Optimisers: an immutable specification says which one and with what options, {@code create} binds
 * it to a model's state. A step is one loop over flat arrays and allocates nothing. Imports the JDK
 * and {@code dev.tenon.runtime}.
 */
package dev.tenon.runtime.optim;
