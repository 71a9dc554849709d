/** The same workloads under JMH, for a developer who iterates on one kernel. */
package dev.tenon.benchmarks.jmh;
