/**
 * {@code @Elementwise}: a function that the user wrote, of one element. May import {@code
 * layers.common} and what the layer contract names.
 *
 * <p>Forward: {@code y = f(x)}. Backward: {@code dx = f'(x) dy}, with the derivative that the user
 * wrote. Generated code calls both. A float32 network calls the methods of floats, and, where the
 * class has those of doubles only, them.
 *
 * <p>Saved from the forward: the input.
 */
package dev.tenon.processor.layers.elementwise;
