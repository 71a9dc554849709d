/**
 * Internal: how a generated model becomes a file and a file a model. It may change with any
 * version: generated code and the runtime of one version belong together. Imports the JDK and
 * {@code dev.tenon.runtime}'s {@code state}, {@code model} and {@code file}.
 */
package dev.tenon.runtime.internal.save;
