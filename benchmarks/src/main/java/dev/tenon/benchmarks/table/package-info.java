/**
 * The comparison: a process for each contender, measured in turns, and one table of all of them.
 */
package dev.tenon.benchmarks.table;
