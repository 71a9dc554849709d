/**
 * The mean of each window, along one, two or three spatial axes: {@code @AvgPool1d},
 * {@code @AvgPool2d} and {@code @AvgPool3d}. May import {@code layers.common} and what the layer
 * contract names.
 *
 * <p>Forward, written for two axes, with stride {@code S}, padding {@code P} and x read as 0
 * outside the image: {@code y[n, c, y, x] = sum over r, s of x[n, c, y*S + r - P, x*S + s - P] /
 * divisor(y, x)}. The divisor is {@code divisorOverride} if given. Else it is the number of the
 * window's elements that lie inside the padded image with {@code countIncludePad}, inside the image
 * without. Only windows at the border differ, so in most layers it is a constant.
 *
 * <p>Backward: {@code dy(y, x) / dx = 1 / divisor(y, x)} for every element of the window, so {@code
 * dx[element] += dy[n, c, y, x] / divisor(y, x)}; windows may overlap, hence the sum.
 *
 * <p>Nothing is saved.
 */
package dev.tenon.processor.layers.avgpool;
