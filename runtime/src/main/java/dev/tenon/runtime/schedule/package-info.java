/**
 * Learning rates over time: pure functions of the step, and {@link
 * dev.tenon.runtime.schedule.Plateau}, which watches a metric. Imports only the JDK.
 */
package dev.tenon.runtime.schedule;
