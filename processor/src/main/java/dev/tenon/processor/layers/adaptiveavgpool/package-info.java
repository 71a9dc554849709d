/**
 * {@code @AdaptiveAvgPool1d}, {@code @AdaptiveAvgPool2d} and {@code @AdaptiveAvgPool3d}: pools that
 * are told how much to give. May import {@code layers.common} and what the layer contract names.
 *
 * <p>Forward: along each axis, bin {@code i} of {@code O} has the inputs from {@code floor(i I /
 * O)} to {@code ceil((i + 1) I / O)}, and y is their mean. A bin of several axes is the product of
 * bins along each, so the mean of means along each axis is the mean of all.
 *
 * <p>Backward: dx is the sum of {@code dy / size} over the bins that the input is in; bins overlap
 * where O does not divide I.
 *
 * <p>Saved from the forward: nothing of the values. Where O divides I, bins are windows side by
 * side. Else the bins are kept as a matrix of weights, with which each axis is multiplied.
 */
package dev.tenon.processor.layers.adaptiveavgpool;
