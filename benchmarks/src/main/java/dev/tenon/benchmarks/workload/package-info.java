/**
 * What is measured, apart from who computes it: networks, sizes, numbers to start from, the right
 * answers, and the interface of those who compute them. Imports no engine.
 */
package dev.tenon.benchmarks.workload;
