/**
 * Batch normalisation, {@code @BatchNorm1d}, {@code @BatchNorm2d} and {@code @BatchNorm3d} (Ioffe
 * and Szegedy, 2015). They differ in names only, which {@link
 * dev.tenon.processor.layers.batchnorm.BatchNormKind} has. May import {@code layers.common}, {@code
 * layers.norm} and what the layer contract names.
 *
 * <p>Forward: every channel is normalised by the mean and the biased variance of its {@code M = N *
 * spatial} values in the batch, and the running statistics move by them, the variance unbiased; the
 * call boundary has made sure that {@code M > 1}. Evaluation normalises by the running statistics,
 * or, when there are none, by the batch as in training; so does training while frozen.
 *
 * <p>Backward: through the mean and the variance as well, except while frozen.
 *
 * <p>The formulas, their derivation, their precision and what is saved are those of all
 * normalisations: see {@code layers.norm}.
 */
package dev.tenon.processor.layers.batchnorm;
