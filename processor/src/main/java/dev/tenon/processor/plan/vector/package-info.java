/**
 * The back end for {@code jdk.incubator.vector}. {@link
 * dev.tenon.processor.plan.vector.VectorPlanning} lists its passes: a tensor gets a format in which
 * vectors run along channels, and every nest is rewritten until they can. May import {@code ir},
 * {@code code}, {@code plan.backend}, {@code plan.rewrite} and {@code plan.schedule}, and no other
 * back end.
 */
package dev.tenon.processor.plan.vector;
