/**
 * {@code @Dropout} (Srivastava et al., 2014), and {@code @Dropout2d} (Tompson et al., 2015), for
 * which "element" below means a whole channel of a sample. May import {@code layers.common} and
 * what the layer contract names.
 *
 * <p>Forward in training: {@code y = kept ? x / (1 - p) : 0}, where element {@code i} of the batch
 * is kept if {@code u(key, i) >= p} for a uniform u in [0, 1). The key follows from seed, step and
 * layer, so the mask does not depend on threads. With p = 0 it is a copy, with p = 1 all zeros.
 * Evaluation is a copy.
 *
 * <p>Backward: {@code dx = kept ? dy / (1 - p) : 0}. Nothing is saved: the same key gives the same
 * mask again, which costs less than storing it.
 */
package dev.tenon.processor.layers.dropout;
