/**
 * Internal: what generated kernels stand on: which of them run, the program that runs them, what a
 * pass through it is given, and the way of values between tensors and working memory. It may change
 * with any version: generated code and the runtime of one version belong together. Imports the JDK,
 * {@code dev.tenon.runtime}, its {@code state}, {@code layer}, {@code math} and {@code random}, and
 * {@code internal.parallel}.
 */
package dev.tenon.runtime.internal.kernel;
