/**
 * {@code @Add}: the sum of several values of one shape. May import {@code layers.common} and what
 * the layer contract names.
 *
 * <p>Forward: {@code y = a + b}, from left to right when there are more. Backward: {@code da = dy,
 * db = dy}. Nothing is saved.
 *
 * <p>The backward is written as copies. Usually there are none: whoever reads one of the gradients
 * reads {@code dy} itself, which is the planner's decision.
 */
package dev.tenon.processor.layers.add;
