/**
 * How a model becomes a file and a file a model. Imports the JDK, {@code dev.tenon.runtime} and its
 * {@code file}.
 */
package dev.tenon.runtime.save;
