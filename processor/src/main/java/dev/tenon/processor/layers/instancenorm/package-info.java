/**
 * Instance normalisation, {@code @InstanceNorm1d}, {@code @InstanceNorm2d} and
 * {@code @InstanceNorm3d} (Ulyanov, Vedaldi and Lempitsky, 2016). They differ in their number of
 * spatial axes only. May import {@code layers.common}, {@code layers.norm} and what the layer
 * contract names.
 *
 * <p>Forward: every channel of every sample is normalised by the mean and the biased variance of
 * its {@code M} values, one for each position; {@code M > 1} is checked at compile time. Weight and
 * bias, off by default, belong to the channel. Samples do not know of each other, so training and
 * evaluation are the same, unless running statistics are kept: they then move, in training, by the
 * averages over the samples of the means and of the unbiased variances, and evaluation normalises
 * by them; so does training while frozen. The counter beside them is there for PyTorch's sake and
 * stays 0.
 *
 * <p>Backward: through the mean and the variance as well, except while frozen.
 *
 * <p>The formulas, their derivation, their precision and what is saved are those of all
 * normalisations: see {@code layers.norm}.
 */
package dev.tenon.processor.layers.instancenorm;
