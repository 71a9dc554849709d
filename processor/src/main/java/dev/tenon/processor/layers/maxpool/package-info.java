/**
 * The largest value of each window, along one, two or three spatial axes: {@code @MaxPool1d},
 * {@code @MaxPool2d} and {@code @MaxPool3d}. May import {@code layers.common} and what the layer
 * contract names.
 *
 * <p>Forward, written for two axes, with stride {@code S}, dilation {@code D}, padding {@code P}
 * and x read as minus infinity outside the image: {@code y[n, c, y, x] = max over r, s of x[n, c,
 * y*S + r*D - P, x*S + s*D - P]}. In row-major order an element replaces the best so far if it is
 * larger or NaN; so the first of equal values stays, a NaN beats every number, and the last NaN is
 * the one that stays.
 *
 * <p>Backward: the derivative is 1 at the element that was chosen and 0 elsewhere: {@code
 * dx[chosen] += dy}. Windows may overlap, hence the sum.
 *
 * <p>Saved from the forward: which element {@code r * width + s} of its window each output chose,
 * an int. Comparing values again instead would send the gradient to every one of several equal
 * values. The choice begins at the first element of the window that lies inside the image, so that
 * even a window of nothing but minus infinity chooses a real element: padding is never larger than
 * the best so far. Evaluation keeps no choices.
 */
package dev.tenon.processor.layers.maxpool;
