/**
 * What the processor's tests stand on: a compiler in memory, and error tests that read like
 * examples. May import the processor, the compiler's API and AssertJ.
 */
package dev.tenon.processor.testing;
