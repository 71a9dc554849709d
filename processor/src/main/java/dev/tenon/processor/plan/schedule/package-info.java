/**
 * How one nest runs, for every back end: a {@link dev.tenon.processor.ir.Nest} and the {@link
 * dev.tenon.processor.plan.schedule.Layout} of its tensors in, a {@link
 * dev.tenon.processor.plan.schedule.ScheduledNest} out, whose indices are places in memory and
 * whose loops are in order. {@link dev.tenon.processor.plan.schedule.PlannedProgram} and {@link
 * dev.tenon.processor.plan.schedule.Stretch} are what the back ends hand on: nests, with their
 * schedules where those are known, and which of them run together. May import {@code ir} and {@code
 * plan.rewrite}.
 */
package dev.tenon.processor.plan.schedule;
