/** Holds the contenders to the reference. Imports JUnit, AssertJ and what the benchmarks import. */
package dev.tenon.benchmarks;
