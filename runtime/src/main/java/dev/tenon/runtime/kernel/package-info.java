/**
 * What generated kernels stand on: which of them run, the program that runs them, what a pass
 * through it is given, and the way of values between tensors and working memory. Imports the JDK,
 * {@code dev.tenon.runtime}, its {@code parallel} and its {@code random}.
 */
package dev.tenon.runtime.kernel;
