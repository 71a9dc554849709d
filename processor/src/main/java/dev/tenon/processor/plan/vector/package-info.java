/**
 * The back end for {@code jdk.incubator.vector}: a {@link dev.tenon.processor.ir.Program} in, a
 * {@link dev.tenon.processor.plan.schedule.PlannedProgram}, the {@link
 * dev.tenon.processor.plan.vector.VectorFormats} of its tensors and the stretches that run together
 * out. {@link dev.tenon.processor.plan.vector.VectorProgram} lists what happens in which order. May
 * import {@code ir}, {@code code}, {@code plan.rewrite} and {@code plan.schedule}.
 */
package dev.tenon.processor.plan.vector;
