/**
 * The rectifier, {@code @ReLU}. May import {@code layers.common} and what the layer contract names.
 *
 * <p>Forward: {@code y = max(x, 0)}, where NaN stays NaN. Backward: {@code dx = y <= 0 ? 0 : dy};
 * the derivative at 0 is 0 by convention (PyTorch's), and at NaN 1, so that a NaN does not hide.
 *
 * <p>Saved from the forward: the output {@code y}. As {@code y <= 0} exactly where {@code x <= 0},
 * the input need not be kept, and the layer behind usually keeps {@code y} as its own input anyway.
 */
package dev.tenon.processor.layers.relu;
