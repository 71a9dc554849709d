package dev.tenon.processor.plan.backend;

/**
 * What one core does, for the estimate of what a kernel takes.
 *
 * @param operationsPerNano floating-point operations in a nanosecond
 * @param bytesPerNano bytes in a nanosecond between the core and its caches
 */
public record Speed(double operationsPerNano, double bytesPerNano) {}
