/**
 * Internal: the checks that every call of a generated model passes, and the tensors that it hands
 * out. It may change with any version: generated code and the runtime of one version belong
 * together. Imports the JDK, {@code dev.tenon.runtime}, its {@code state} and {@code model}, and
 * {@code internal.layout}.
 */
package dev.tenon.runtime.internal.call;
