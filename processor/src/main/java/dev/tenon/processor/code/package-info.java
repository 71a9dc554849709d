/**
 * Methods as data: a small language of statements and values between the schedule and Java's text,
 * with its estimate of bytecode, and {@link dev.tenon.processor.code.KernelEmitter}, which turns a
 * {@link dev.tenon.processor.plan.schedule.ScheduledNest} into it. A renderer writes it down and
 * decides nothing. May import {@code ir} and {@code plan.schedule}.
 */
package dev.tenon.processor.code;
