/**
 * What the planner does to any program, whatever the back end: {@link
 * dev.tenon.processor.ir.Program} in, {@code Program} out, which computes the same with fewer or
 * simpler nests ({@link dev.tenon.processor.plan.rewrite.Fusion}, {@link
 * dev.tenon.processor.plan.rewrite.DisjointStores}), and the questions about nests that all
 * rewriting asks: is it a product of matrices ({@link
 * dev.tenon.processor.plan.rewrite.Contraction}), which windows does it run over, what does it
 * cost. Nothing here knows memory or loops. May import {@code ir}.
 */
package dev.tenon.processor.plan.rewrite;
