/**
 * {@code @Multiply}: the product of several values of one shape, element by element. May import
 * {@code layers.common} and what the layer contract names.
 *
 * <p>Forward: {@code y = a * b}, from left to right when there are more. Backward: {@code da = dy *
 * b, db = dy * a}; of more, {@code dy} times all others, from left to right.
 *
 * <p>Saved from the forward: all inputs.
 */
package dev.tenon.processor.layers.multiply;
