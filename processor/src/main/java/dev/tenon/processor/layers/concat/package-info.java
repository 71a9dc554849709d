/**
 * {@code @Concat}: several values behind each other along an axis. May import {@code layers.common}
 * and what the layer contract names.
 *
 * <p>Forward: {@code y[:, 0:c1] = x1, y[:, c1:c1+c2] = x2} along the channels, and so on. Backward:
 * the same slices in the other direction, {@code dx1 = dy[:, 0:c1]}. Nothing is saved.
 *
 * <p>One nest writes one slice, so that whoever gave an input may write it there at once; whether
 * that is so is the planner's decision.
 */
package dev.tenon.processor.layers.concat;
