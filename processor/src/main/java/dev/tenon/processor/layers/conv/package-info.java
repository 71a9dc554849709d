/**
 * Convolution along one, two or three spatial axes, {@code @Conv1d}, {@code @Conv2d} and
 * {@code @Conv3d}, with stride, zero padding, dilation and groups. They share everything: a
 * convolution has a list of windows, one for each axis. May import {@code layers.common} and what
 * the layer contract names.
 *
 * <p>Forward (cross-correlation: the kernel is not flipped), written for two axes: for output
 * channel {@code k} of group {@code g} with {@code K} output and {@code C} input channels a group,
 * stride {@code S}, dilation {@code D}, padding {@code P}, and x read as 0 outside the image:
 *
 * <pre>
 * y[n, g*K + k, y, x] = bias[g*K + k]
 *     + sum over c, r, s of x[n, g*C + c, y*S + r*D - P, x*S + s*D - P] * weight[g*K + k, c, r, s]
 * </pre>
 *
 * <p>With one axis {@code y} and {@code r} are missing; with three, {@code z} and {@code t} are
 * added in front of them.
 *
 * <p>Backward: every product of the forward sum hands dy to its two factors.
 *
 * <pre>
 * dx[n, g*C + c, y*S + r*D - P, x*S + s*D - P] += sum over k of dy[n, g*K + k, y, x] * weight[g*K + k, c, r, s]
 * dweight[g*K + k, c, r, s] = sum over n, y, x of dy[n, g*K + k, y, x] * x[n, g*C + c, y*S + r*D - P, ...]
 * dbias[o] = sum over n, y, x of dy[n, o, y, x]
 * </pre>
 *
 * <p>dx is written as what each output sends back, because that form is an affine index for every
 * stride; what falls on the padding is dropped. Which of the two factors to gather or scatter by in
 * the end is the planner's choice.
 *
 * <p>Padding that is not zero is made before, as a larger copy of the image, and its gradient is
 * added to the elements that it repeats.
 *
 * <p>{@code @ConvTranspose2d} is the gradient of a convolution by its input as a layer: its forward
 * is dx above, of x in the place of dy; its dx is the forward above, and its dweight the same sum
 * of products, with the two tensors exchanged. The weight's first axis is the input's channels.
 *
 * <p>Saved from the forward: the input, which dweight reads.
 */
package dev.tenon.processor.layers.conv;
