/**
 * What the methods of a network return: views of its layers, with the state that each of them has.
 * Imports the JDK, {@code dev.tenon.runtime}, its {@code state}, and {@code internal.layout}.
 */
package dev.tenon.runtime.layer;
