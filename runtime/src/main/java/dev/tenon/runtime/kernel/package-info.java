/**
 * What generated kernels stand on: the program that runs them, what a pass through it is given, the
 * working memory and its way to and from tensors. Imports the JDK, {@code dev.tenon.runtime}, its
 * {@code parallel} and its {@code random}.
 */
package dev.tenon.runtime.kernel;
