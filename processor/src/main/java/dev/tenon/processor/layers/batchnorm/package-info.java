/**
 * Batch normalisation, {@code @BatchNorm1d}, {@code @BatchNorm2d} and {@code @BatchNorm3d} (Ioffe
 * and Szegedy, 2015). They share all their mathematics; {@link
 * dev.tenon.processor.layers.batchnorm.BatchNormKind} has the names in which they differ. May
 * import {@code layers.common} and what the layer contract names.
 *
 * <h2>Forward</h2>
 *
 * <p>Per channel, over its {@code M = N * spatial} values:
 *
 * <pre>
 * mean   = sum(x) / M
 * var    = sum((x - mean)^2) / M                biased
 * invstd = 1 / sqrt(var + eps)                  0 where var + eps = 0
 * scale  = invstd * weight
 * y      = (x - mean) * scale + bias
 * </pre>
 *
 * <p>The sums are taken in double precision over {@code d = x - shift}, where the shift is the
 * channel's first value (0 if that is not finite): {@code mean = shift + sum(d) / M} and {@code var
 * = sum(d^2) / M - (sum(d) / M)^2}, clamped at 0. One pass is enough because the shift belongs to
 * the data: {@code sum((x - mean)^2) >= (shift - mean)^2}, so {@code (shift - mean)^2 <= M * var}
 * and {@code sum(d^2) / M = var + (shift - mean)^2 <= (1 + M) * var}. The subtraction therefore
 * loses at most a factor {@code 1 + M} of double precision whatever the offset of the data, and for
 * data whose first value is within a few standard deviations next to nothing. For a constant
 * channel every {@code d} is exactly 0, so the mean is exactly that constant and the output exactly
 * the bias.
 *
 * <p>In float networks the mean is kept as two floats, {@code mean + meanLow}, and {@code (x -
 * mean) - meanLow} is as good as a subtraction in double precision: the first difference is exact
 * when x is near the mean. Rounding the mean to one float would cost 0.03 at an offset of 10^6.
 *
 * <p>A NaN makes mean and variance NaN. An infinity makes the sum infinite and the variance {@code
 * inf - inf = NaN}, so the outputs are NaN, the running mean infinite and the running variance NaN.
 * {@code max(0, NaN)} is NaN, so the clamp hides neither. With momentum 0 the running statistics
 * are not touched at all; {@code 0 * inf} would be NaN.
 *
 * <p>Training also moves the running statistics, with the unbiased variance {@code var * M / (M -
 * 1)}; the call boundary has made sure that {@code M > 1}. Evaluation normalises with the running
 * statistics, or, when there are none, with the batch as in training. The nests are not run for an
 * empty batch: the model returns before them, so the first value exists and {@code M > 0}.
 *
 * <h2>Backward</h2>
 *
 * <p>With {@code g = dL/dy} and {@code xhat = (x - mean) * invstd}, so {@code y = weight * xhat +
 * bias}: {@code dbias = sum(g)} and {@code dweight = sum(g * xhat) = dotp * invstd}, where {@code
 * dotp = sum((x - mean) * g)}. For dx, x enters its own output, the mean and the variance. With
 * {@code h = weight * g = dL/dxhat}:
 *
 * <pre>
 * dL/dvar  = sum(h * (x - mean)) * -1/2 * invstd^3          = -1/2 * weight * dotp * invstd^3
 * dL/dmean = -invstd * sum(h)                               = -weight * invstd * dbias
 *            (the path through var vanishes: sum(x - mean) = 0)
 * dx       = h * invstd + dL/dvar * 2 * (x - mean) / M + dL/dmean / M
 *          = weight * invstd * (g - dbias / M - (x - mean) * dotp * invstd^2 / M)
 *          = scale * (g - k1 - (x - mean) * k2)     k1 = dbias / M,  k2 = dotp * invstd^2 / M
 * </pre>
 *
 * <p>Saved from the forward: the input {@code x}; per channel the batch mean in double (for dotp)
 * and as it was subtracted (for dx), {@code invstd} and {@code scale}. The output is not kept: xhat
 * follows from x, and the layer behind may overwrite its own input.
 */
package dev.tenon.processor.layers.batchnorm;
