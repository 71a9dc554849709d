/**
 * What generated kernels stand on: which of them run, and the way of values between tensors and
 * working memory. Imports the JDK and {@code dev.tenon.runtime}.
 */
package dev.tenon.runtime.kernel;
