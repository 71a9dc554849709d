/**
 * {@code @Reshape}: the same values with other axes. May import {@code layers.common} and what the
 * layer contract names.
 *
 * <p>Forward: the values stay, in row-major order; {@code y[n, c, y, x] = x[n, (c*H + y)*W + x]}
 * for an image made of a vector. Backward: the same in the other direction. Nothing is saved.
 *
 * <p>The nests are plain copies over axes of which those of input and output are made. Where there
 * are none, as between 2x3 and 3x2, there are two copies, with a vector between them. Whether they
 * become a copy, a change of layout or nothing at all is the planner's decision.
 */
package dev.tenon.processor.layers.reshape;
