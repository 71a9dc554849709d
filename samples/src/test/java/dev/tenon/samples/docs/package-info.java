/**
 * Holds README.md and the pages under docs/ to the truth. How snippets are marked is said in {@link
 * dev.tenon.samples.docs.Page}. Imports JUnit, AssertJ, the processor and what the samples import.
 */
package dev.tenon.samples.docs;
