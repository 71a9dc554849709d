/**
 * The step <i>plan</i>: decides how a program runs. In order, the data between its rooms:
 *
 * <pre>
 *   Program                 what is computed                                          (from ir)
 *     plan.rewrite      -&gt; Program             the same in fewer nests, for every back end
 *     plan.plain        -&gt; PlannedProgram      what plain Java runs fast
 *     plan.vector       -&gt; PlannedProgram      what vectors run fast
 *     plan.schedule     -&gt; ScheduledNest       places in memory, loop order, tiles, partial sums
 *     code              -&gt; Kernel              methods; equal ones are shared
 *     BufferPlanner     -&gt; Buffers             which tensors share which array
 *     Plan                                     how one back end runs the network
 *   NetworkPlan             everything decided, with its explanation                  (to render)
 * </pre>
 *
 * <p>This room holds what is decided: {@link dev.tenon.processor.plan.Planner} takes a network and
 * its program through the others and gives a {@link dev.tenon.processor.plan.NetworkPlan}. Every
 * decision is data that prints. May import {@code ir}, {@code code}, {@code graph}, its own rooms
 * and, for the entries of the state, {@code layer} and {@code shape}.
 */
package dev.tenon.processor.plan;
