/**
 * The mean of each channel, {@code @GlobalAvgPool}. May import {@code layers.common} and what the
 * layer contract names.
 *
 * <p>Forward, over the {@code S} spatial positions of a channel: {@code y[n, c] = sum over
 * positions of x[n, c, position] / S}. Backward: {@code dx[n, c, position] = dy[n, c] / S}. Nothing
 * is saved.
 *
 * <p>The sum is taken in double precision: images can have very many positions, and the price is
 * one conversion a value.
 */
package dev.tenon.processor.layers.globalavgpool;
