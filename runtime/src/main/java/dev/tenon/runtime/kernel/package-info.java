/**
 * What generated kernels stand on: the working memory and its way to and from tensors. Imports the
 * JDK and {@code dev.tenon.runtime}.
 */
package dev.tenon.runtime.kernel;
