/**
 * What generated networks cost, beside other engines on the same machine in the same run; outside
 * the default build. {@link dev.tenon.benchmarks.Benchmarks} is the command line.
 */
package dev.tenon.benchmarks;
