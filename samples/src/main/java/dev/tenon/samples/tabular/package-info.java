/**
 * A table with numbers and categories: several inputs, of which two are embedded. May import the
 * runtime, the other samples' data and console.
 */
package dev.tenon.samples.tabular;
