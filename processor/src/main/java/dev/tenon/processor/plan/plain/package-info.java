/**
 * The back end for Java alone. {@link dev.tenon.processor.plan.plain.PlainPlanning} lists its
 * passes: convolutions, products and sums become nests along rows of memory, which the just-in-time
 * compiler vectorises. May import {@code ir}, {@code code}, {@code plan.backend}, {@code
 * plan.rewrite} and {@code plan.schedule}, and no other back end.
 */
package dev.tenon.processor.plan.plain;
