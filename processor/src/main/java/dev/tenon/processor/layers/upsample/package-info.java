/**
 * {@code @Upsample}: larger (or smaller) images by repeating or interpolating. May import {@code
 * layers.common} and what the layer contract names.
 *
 * <p>Forward, along each axis of {@code I} elements that becomes one of {@code O}, with the ratio
 * {@code r = I / O}, or 1 / scale when a scale is given:
 *
 * <pre>
 * nearest    y[i] = x[min(floor(i r), I - 1)]
 * bilinear   y[i] = (1 - f) x[p] + f x[p + 1],   p + f = min(max((i + 1/2) r - 1/2, 0), I - 1)
 *            with aligned corners                p + f = i (I - 1) / (O - 1), and 0 when O = 1
 * </pre>
 *
 * <p>so that the weight of input {@code p} is {@code max(0, 1 - |s - p|)}, with s for where the
 * output lies in the input. Two axes are done one after the other.
 *
 * <p>Backward: the same weights, summed over the outputs.
 *
 * <p>Saved from the forward: the weights, which do not depend on the values. Where I divides O,
 * neighbours come from the index; else each axis is multiplied with a matrix of weights.
 */
package dev.tenon.processor.layers.upsample;
