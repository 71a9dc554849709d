/**
 * The back end for Java alone: a {@link dev.tenon.processor.ir.Program} in, a {@link
 * dev.tenon.processor.plan.schedule.PlannedProgram} and the {@link
 * dev.tenon.processor.plan.plain.Layouts} of its tensors out. Convolutions, products and sums
 * become nests along rows of memory, which the just-in-time compiler vectorises. May import {@code
 * ir}, {@code code}, {@code plan.rewrite} and {@code plan.schedule}.
 */
package dev.tenon.processor.plan.plain;
