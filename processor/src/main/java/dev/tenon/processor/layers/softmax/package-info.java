/**
 * {@code @Softmax} and {@code @LogSoftmax} along one axis. May import {@code layers.common} and
 * what the layer contract names.
 *
 * <p>Forward: {@code e = exp(x - max)} and {@code y = e / sum e}; the logarithm of that is {@code y
 * = x - max - log sum e}. Subtracting the largest element of a slice changes nothing in exact
 * arithmetic, and keeps every power at most 1 and their sum at least 1.
 *
 * <p>Backward, with the sums over a slice: the derivative of {@code y_i} by {@code x_j} is {@code
 * y_i ((i = j) - y_j)}, hence {@code dx = y (dy - sum dy y)}. That of the logarithm is {@code (i =
 * j) - e^y_j}, hence {@code dx = dy - e^y sum dy}.
 *
 * <p>Saved from the forward: the output. The powers are kept in between, as computing one takes
 * longer than reading it again.
 */
package dev.tenon.processor.layers.softmax;
