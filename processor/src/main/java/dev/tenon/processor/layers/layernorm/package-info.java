/**
 * Layer normalisation, {@code @LayerNorm} (Ba, Kiros and Hinton, 2016). May import {@code
 * layers.common}, {@code layers.norm} and what the layer contract names.
 *
 * <p>Forward: the values of a sample along its last axes, those of {@code shape}, are normalised by
 * their mean and biased variance, for each place in the axes before them by itself; with {@code M =
 * 1} the output is the bias. Weight and bias have one element for each place in {@code shape}.
 * Samples do not know of each other, so training and evaluation are the same and nothing is
 * remembered.
 *
 * <p>Backward: through the mean and the variance as well. The weights vary among the values of one
 * mean, so they stay inside its sums.
 *
 * <p>The formulas, their derivation, their precision and what is saved are those of all
 * normalisations: see {@code layers.norm}.
 */
package dev.tenon.processor.layers.layernorm;
