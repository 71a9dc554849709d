/** Runs the samples as tests. Imports JUnit, AssertJ and what the samples import. */
package dev.tenon.samples;
