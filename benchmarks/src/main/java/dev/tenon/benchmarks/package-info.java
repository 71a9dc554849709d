/**
 * JMH benchmarks of generated networks, outside the default build. A benchmark checks its answer
 * before it measures, and runs its baseline in the same session. Imports the annotations, the
 * runtime and JMH.
 */
package dev.tenon.benchmarks;
