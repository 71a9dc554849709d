/**
 * Functions of one element: {@code @ReLU}, {@code @LeakyReLU}, {@code @ReLU6}, {@code @Hardtanh},
 * {@code @Hardsigmoid}, {@code @Hardswish}, {@code @Sigmoid}, {@code @Tanh}, {@code @SiLU} and
 * {@code @GELU}. May import {@code layers.common} and what the layer contract names.
 *
 * <p>Forward: {@code y = f(x)}. Backward: {@code dx = f'(x) dy}. The formulas are in {@link
 * dev.tenon.processor.layers.activation.Activation}, the attributes in {@link
 * dev.tenon.processor.layers.activation.ActivationType}, and all lower in the same way. At kinks
 * and at NaN the derivative is PyTorch's.
 *
 * <p>Saved from the forward: the output where the derivative follows from it (what is above a bound
 * of the output is above that of the input; the derivatives of sigmoid and tangent are polynomials
 * of their values), as the layer behind usually keeps it as its own input anyway. Else the input,
 * from which the function is computed again.
 */
package dev.tenon.processor.layers.activation;
