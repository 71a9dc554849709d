/**
 * What all normalisations share: batch, instance, group and layer norm are one formula over
 * different scopes. {@link dev.tenon.processor.layers.norm.Scope} says which values share a mean,
 * {@link dev.tenon.processor.layers.norm.Normalisation} has the mathematics. May import {@code
 * layers.common} and what the layer contract names.
 *
 * <table>
 * <caption>Scopes; M is the number of values of one mean</caption>
 * <tr><th></th><th>one mean for each</th><th>over all</th><th>one scale for each</th></tr>
 * <tr><td>batch norm</td><td>channel</td><td>samples, space</td><td>channel</td></tr>
 * <tr><td>instance norm</td><td>sample, channel</td><td>space</td><td>channel</td></tr>
 * <tr><td>group norm</td><td>sample, group</td><td>channels of the group, space</td>
 *     <td>channel</td></tr>
 * <tr><td>layer norm</td><td>sample and leading axes</td><td>trailing axes</td>
 *     <td>place in the trailing axes</td></tr>
 * </table>
 *
 * <h2>Forward</h2>
 *
 * <p>Over the {@code M} values of one mean:
 *
 * <pre>
 * mean   = sum(x) / M
 * var    = sum((x - mean)^2) / M                biased
 * invstd = 1 / sqrt(var + eps)                  0 where var + eps = 0
 * y      = (x - mean) * invstd * weight + bias
 * </pre>
 *
 * <p>The sums are taken in double precision over {@code d = x - shift}, where the shift is the
 * first of the values (0 if that is not finite): {@code mean = shift + sum(d) / M} and {@code var =
 * sum(d^2) / M - (sum(d) / M)^2}, clamped at 0. One pass is enough because the shift belongs to the
 * data: {@code sum((x - mean)^2) >= (shift - mean)^2}, so {@code (shift - mean)^2 <= M * var} and
 * {@code sum(d^2) / M = var + (shift - mean)^2 <= (1 + M) * var}. The subtraction therefore loses
 * at most a factor {@code 1 + M} of double precision whatever the offset of the data, and for data
 * whose first value is within a few standard deviations next to nothing. Where all values are equal
 * every {@code d} is exactly 0, so the mean is exactly that constant and the output exactly the
 * bias.
 *
 * <p>In float networks the mean is kept as two floats, {@code mean + meanLow}, and {@code (x -
 * mean) - meanLow} is as good as a subtraction in double precision: the first difference is exact
 * when x is near the mean. Rounding the mean to one float would cost 0.03 at an offset of 10^6.
 *
 * <p>Where all values of one mean have the same weight, {@code scale = invstd * weight} is computed
 * once; otherwise {@code scale = invstd} and the weight is multiplied value by value.
 *
 * <p>A NaN makes mean and variance NaN. An infinity makes the sum infinite and the variance {@code
 * inf - inf = NaN}, so the outputs are NaN, the running mean infinite and the running variance NaN.
 * {@code max(0, NaN)} is NaN, so the clamp hides neither. With momentum 0 the running statistics
 * are not touched at all; {@code 0 * inf} would be NaN.
 *
 * <p>Running statistics, where there are any, move in training by the mean and the unbiased
 * variance {@code var * M / (M - 1)}, averaged over the samples when each sample has its own.
 * Evaluation then normalises by them, and so does training while they are frozen; without them
 * evaluation computes what training does. The nests are not run for an empty batch: the model
 * returns before them, so the first value exists and {@code M > 0}.
 *
 * <p>Where a batch is worked on in pieces and a mean is over samples, the pieces join their means
 * and variances before they are used, and in backward their sums; {@code M} is then that of the
 * whole batch. A mean of one sample concerns its own piece only, its share in running statistics
 * excepted.
 *
 * <h2>Backward</h2>
 *
 * <p>With {@code g = dL/dy} and {@code xhat = (x - mean) * invstd}, so {@code y = weight * xhat +
 * bias}: {@code dbias = sum(g)} and {@code dweight = sum(g * xhat)}, over all values that share
 * them. For dx, x enters its own output, the mean and the variance. With {@code h = weight * g =
 * dL/dxhat} and sums over the values of one mean:
 *
 * <pre>
 * dL/dvar  = sum(h * (x - mean)) * -1/2 * invstd^3
 * dL/dmean = -invstd * sum(h)       (the path through var vanishes: sum(x - mean) = 0)
 * dx       = h * invstd + dL/dvar * 2 * (x - mean) / M + dL/dmean / M
 *          = invstd * (h - k1 - (x - mean) * k2)
 *            k1 = sum(h) / M,   k2 = sum(h * (x - mean)) * invstd^2 / M
 * </pre>
 *
 * <p>A weight that is the same for all values of one mean is drawn out of the sums: {@code dx =
 * scale * (g - k1 - (x - mean) * k2)} with g in the place of h. While frozen, mean and variance do
 * not depend on x, and {@code dx = scale * g}.
 *
 * <p>Saved from the forward: the input {@code x}; with each mean, the mean in double (for the sums)
 * and as it was subtracted (for dx), {@code invstd} and {@code scale}. The output is not kept: xhat
 * follows from x, and the layer behind may overwrite its own input.
 */
package dev.tenon.processor.layers.norm;
