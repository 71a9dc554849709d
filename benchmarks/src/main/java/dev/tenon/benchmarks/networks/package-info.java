/**
 * The networks that are measured, declared as users declare theirs. {@code workload.Workloads} says
 * the same once more for the peers, and every run checks that both compute the same.
 */
package dev.tenon.benchmarks.networks;
