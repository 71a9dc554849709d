/** What this machine can do at most, and what it is. */
package dev.tenon.benchmarks.machine;
