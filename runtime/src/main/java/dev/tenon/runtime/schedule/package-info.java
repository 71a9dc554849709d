/**
 * Learning rates over time: pure functions of the step, and {@link
 * dev.tenon.runtime.schedule.Plateau}, which watches a metric. Imports the runtime's {@code math}
 * and the JDK.
 */
package dev.tenon.runtime.schedule;
