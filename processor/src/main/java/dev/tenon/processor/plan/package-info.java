/**
 * The step <i>plan</i>: decides how a program runs. In order, the data between its rooms:
 *
 * <pre>
 *   Program                 what is computed                                          (from ir)
 *     plan.rewrite      -&gt; Program             the same in fewer nests, for every back end
 *     plan.plain, plan.vector
 *                       -&gt; PlannedProgram      what one back end runs fast, pass by pass
 *     plan.schedule     -&gt; ScheduledNest       places in memory, loop order, tiles, partial sums
 *     code              -&gt; Kernel              methods; equal ones are shared
 *     BufferPlanner     -&gt; Buffers             which tensors share which array
 *     Assembler         -&gt; Assembly            which layers are instances of one Routine
 *     Plan                                     how one back end runs the network
 *   NetworkPlan             everything decided, with its explanation                  (to render)
 * </pre>
 *
 * <p>This room holds what is decided: {@link dev.tenon.processor.plan.Planner} takes a network and
 * its program through the passes of each back end ({@code plan.backend} says what one is, {@link
 * dev.tenon.processor.plan.BackEnds} lists them) and gives a {@link
 * dev.tenon.processor.plan.NetworkPlan}. Every decision is data that prints. May import {@code ir},
 * {@code code}, {@code graph}, its own rooms and, for the entries of the state, {@code layer} and
 * {@code shape}; back ends only where they are listed.
 */
package dev.tenon.processor.plan;
