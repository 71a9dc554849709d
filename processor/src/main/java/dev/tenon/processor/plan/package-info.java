/**
 * The step <i>plan</i>: decides how a program runs. In order, the data between its parts:
 *
 * <pre>
 *   Program                 what is computed                                       (from ir)
 *     Fusion            -&gt; Program             fewer nests: maps moved into their neighbours
 *     PlannedProgram    -&gt; steps of Work       contractions and reductions rewritten, some scheduled
 *     PhysicalNest      -&gt; PhysicalNest        tensor indices turned into places in memory
 *     GeneralScheduler  -&gt; ScheduledNest       loop order, tiles, unrolling, partial sums
 *     KernelEmitter     -&gt; Kernel              methods, in code; equal ones are shared
 *     BufferPlanner     -&gt; Buffers             which tensors share which array
 *     Plan                                     how one back end runs the network
 *   NetworkPlan             everything decided, with its explanation               (to render)
 * </pre>
 *
 * <p>Every decision is data that prints. May import {@code ir}, {@code code}, {@code graph} and,
 * for the entries of the state, {@code layer} and {@code shape}.
 */
package dev.tenon.processor.plan;
