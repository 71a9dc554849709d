/**
 * {@code @Flatten}: several neighbouring axes become one. May import {@code layers.common} and what
 * the layer contract names.
 *
 * <p>Forward: the values stay, in row-major order; {@code y[n, (c*H + y)*W + x] = x[n, c, y, x]}
 * for an image and the default axes. Backward: the same in the other direction. Nothing is saved.
 *
 * <p>The nests are plain copies. Whether they become a copy, a change of layout or nothing at all
 * is the planner's decision.
 */
package dev.tenon.processor.layers.flatten;
