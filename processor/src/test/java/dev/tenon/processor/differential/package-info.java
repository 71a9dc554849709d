/**
 * Networks drawn at random, run by the interpreter and as generated code, and compared step by
 * step. May import everything of the processor and of its tests.
 */
package dev.tenon.processor.differential;
