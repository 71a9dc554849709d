/**
 * Group normalisation, {@code @GroupNorm} (Wu and He, 2018). May import {@code layers.common},
 * {@code layers.norm} and what the layer contract names.
 *
 * <p>Forward: the channels of a sample are divided into groups, neighbours together, and each group
 * is normalised by the mean and the biased variance of its {@code M = channels / groups * spatial}
 * values; {@code M > 1} is checked at compile time. Weight and bias belong to the channel. Samples
 * do not know of each other, so training and evaluation are the same and nothing is remembered.
 *
 * <p>Backward: through the mean and the variance as well.
 *
 * <p>The formulas, their derivation, their precision and what is saved are those of all
 * normalisations: see {@code layers.norm}.
 */
package dev.tenon.processor.layers.groupnorm;
