/**
 * {@code @Embedding}: rows of a table, by the indices in an input. May import {@code layers.common}
 * and what the layer contract names.
 *
 * <p>Forward, with {@code r = index[n, ...]}: {@code y[n, ..., d] = weight[r, d]}. Backward: {@code
 * dweight[r, d]} is the sum of {@code dy[n, ..., d]} over all places where the index is r, added in
 * the order of the batch, so the bits do not depend on the threads; nothing for the padding row.
 * Indices have no gradient.
 *
 * <p>Saved from the forward: the indices, which dweight reads.
 */
package dev.tenon.processor.layers.embedding;
