/**
 * {@code @Scale}: each channel times a learnt factor, plus a learnt shift. May import {@code
 * layers.common} and what the layer contract names.
 *
 * <p>Forward: {@code y = x * weight[c] + bias[c]}. Backward: {@code dx = dy * weight[c]}, {@code
 * dweight[c] = sum dy * x}, {@code dbias[c] = sum dy}, the sums over the batch and all axes but
 * that of the channels.
 *
 * <p>Saved from the forward: the input, which dweight reads.
 */
package dev.tenon.processor.layers.scale;
