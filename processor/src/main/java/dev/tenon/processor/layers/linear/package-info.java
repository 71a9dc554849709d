/**
 * The fully connected layer, {@code @Linear}. May import {@code layers.common} and what the layer
 * contract names.
 *
 * <p>Forward, over the last axis and with any number of axes {@code n...} before it: {@code y[n...,
 * o] = bias[o] + sum_i x[n..., i] * weight[o, i]}.
 *
 * <p>Backward, with {@code g = dL/dy}. As {@code dy[n, o] / dx[n, i] = weight[o, i]}, the chain
 * rule gives {@code dx[n..., i] = sum_o g[n..., o] * weight[o, i]}; as {@code dy[n, o] / dweight[o,
 * i] = x[n, i]}, it gives {@code dweight[o, i] = sum_n g[n..., o] * x[n..., i]}; and {@code
 * dbias[o] = sum_n g[n..., o]}.
 *
 * <p>Saved from the forward: the input {@code x}, which {@code dweight} reads. Nothing else.
 */
package dev.tenon.processor.layers.linear;
