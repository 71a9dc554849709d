/**
 * Those who compute the workloads: Tenon and its peers, each in a file of its own that nothing else
 * names except {@link dev.tenon.benchmarks.peers.Contenders}.
 */
package dev.tenon.benchmarks.peers;
